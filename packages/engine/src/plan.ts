import type {
  Catalog,
  CatalogEntry,
  Clip,
  ExportOptions,
  ParamValues,
  PluginSlot,
  ProjectSnapshot,
} from '@mixdown/contract';
import { stripGainsOf } from '@mixdown/core/strip-gains';
import type { SourceClip } from './processors/clip-source.ts';
import { maxTailFrames, quietWindowFrames } from './tail.ts';

/** A plugin in its place. `entry` is null when the catalog lacks it: the slot passes dry. */
export interface PlanSlot {
  readonly pluginId: string;
  readonly catalogId: string;
  readonly version: string;
  readonly entry: CatalogEntry | null;
  /** Every parameter of the plugin in real units: defaults, then the stored values held to the range, as float32. */
  readonly params: ParamValues;
  /** The plugin's own state (base64); used by plugins whose parameters are not all of their state. */
  readonly state: string | null;
  readonly bypassed: boolean;
  readonly mix: number;
  readonly latencyFrames: number;
}

export interface PlanTrack {
  readonly trackId: string;
  readonly clips: readonly SourceClip[];
  readonly slots: readonly PlanSlot[];
  /** Linear gains of the strip, as float32; both 0 when the track is not heard. */
  readonly gains: { readonly left: number; readonly right: number };
  readonly audible: boolean;
  /** Frames by which the strip delays this track so that all tracks are aligned. */
  readonly delayFrames: number;
}

export interface PlanAsset {
  readonly id: string;
  readonly channels: number;
  readonly frames: number;
}

/** A project as something to be rendered or played: the one input of every builder in this package. */
export interface RenderPlan {
  readonly sampleRate: number;
  /** In order of position. */
  readonly tracks: readonly PlanTrack[];
  readonly assets: ReadonlyMap<string, PlanAsset>;
  /** Timeline frame at which rendering begins: plugins are reset there, nothing before it is heard. */
  readonly startFrame: number;
  /** Frames of the range, without the tail. */
  readonly lengthFrames: number;
  /** Seconds of tail asked for, `auto` or `none`. */
  readonly tail: ExportOptions['tail'];
  /** Frames that the tail may last. */
  readonly maxTailFrames: number;
  /** How long the mix has to stay quiet until an `auto` tail is over. */
  readonly quietWindowFrames: number;
  /** Delay from a source to the master, equal on all tracks; an export drops these frames at its start. */
  readonly totalLatencyFrames: number;
  readonly omitted: readonly { pluginId: string; catalogId: string; reason: string }[];
}

export interface PlanOptions {
  readonly range: ExportOptions['range'];
  readonly tail: ExportOptions['tail'];
  /** The rate that is rendered at (Hz): the project's, in which all assets are. */
  readonly sampleRate: number;
}

/** The end of the last clip, in frames; 0 for an empty timeline. */
export const songLength = (clips: readonly Pick<Clip, 'startFrame' | 'lengthFrames'>[]): number =>
  clips.reduce((end, clip) => Math.max(end, clip.startFrame + clip.lengthFrames), 0);

/** Latency of one slot in frames; bypassing does not change it, a plugin that the catalog lacks has none. */
export const slotLatency = (entry: CatalogEntry | null, sampleRate: number): number =>
  entry?.latencyFrames[String(sampleRate)] ?? 0;

/**
 * Turns a snapshot into a plan. Pure; the same snapshot, catalog and options always give an equal plan.
 * A slot is matched by catalog id and version; whatever the catalog does not have is listed in `omitted`.
 */
export function buildPlan(
  snapshot: Pick<ProjectSnapshot, 'tracks' | 'clips' | 'assets' | 'plugins'>,
  catalog: Catalog,
  options: PlanOptions,
): RenderPlan {
  const { sampleRate } = options;
  const { range } = options;
  const startFrame = range.kind === 'all' ? 0 : range.startFrame;
  const endFrame = range.kind === 'all' ? songLength(snapshot.clips) : range.endFrame;
  const tracks = [...snapshot.tracks].sort((a, b) => a.position - b.position);
  const gains = stripGainsOf(tracks);
  const assets = new Map(
    snapshot.assets.map(({ id, channels, frames }) => [id, { id, channels, frames }]),
  );
  const chains = tracks.map((track) =>
    snapshot.plugins
      .filter((plugin) => plugin.trackId === track.id)
      .sort((a, b) => a.position - b.position)
      .map((plugin) => planSlot(plugin, catalog, sampleRate)),
  );
  const latencies = chains.map((slots) => slots.reduce((sum, s) => sum + s.latencyFrames, 0));
  const totalLatencyFrames = Math.max(0, ...latencies);
  const planned = tracks.map((track, i): PlanTrack => {
    const { left, right } = gains[i] as { left: number; right: number };
    return {
      trackId: track.id,
      clips: planClips(snapshot.clips, track.id, { assets, endFrame }),
      slots: chains[i] as PlanSlot[],
      gains: { left, right },
      audible: left !== 0 || right !== 0,
      delayFrames: totalLatencyFrames - (latencies[i] as number),
    };
  });
  return {
    sampleRate,
    tracks: planned,
    assets,
    startFrame,
    lengthFrames: Math.max(0, endFrame - startFrame),
    tail: options.tail,
    maxTailFrames: maxTailFrames(planned, options.tail, sampleRate),
    quietWindowFrames: quietWindowFrames(planned, sampleRate),
    totalLatencyFrames,
    omitted: chains.flat().flatMap(({ pluginId, catalogId, version, entry }) =>
      entry
        ? []
        : [
            {
              pluginId,
              catalogId,
              reason: `The catalog has no ${catalogId} version ${version}.`,
            },
          ],
    ),
  };
}

function planSlot(plugin: PluginSlot, catalog: Catalog, sampleRate: number): PlanSlot {
  const entry =
    catalog.entries.find((e) => e.id === plugin.catalogId && e.version === plugin.version) ?? null;
  return {
    pluginId: plugin.id,
    catalogId: plugin.catalogId,
    version: plugin.version,
    entry,
    params: entry ? fullParams(entry, plugin.params) : {},
    state: plugin.state,
    bypassed: plugin.bypassed,
    mix: Math.fround(Math.min(1, Math.max(0, plugin.mix))),
    latencyFrames: slotLatency(entry, sampleRate),
  };
}

/** All parameters of a plugin as its processor gets them: in the range, rounded to float32. */
export function fullParams(entry: CatalogEntry, stored: ParamValues): ParamValues {
  return Object.fromEntries(
    entry.parameters.map((p) => {
      const value = stored[p.id];
      const usable = value !== undefined && Number.isFinite(value) ? value : p.default;
      return [p.id, Math.fround(Math.min(p.max, Math.max(p.min, usable)))];
    }),
  );
}

/** Shares of the slot's two ways as float32: what the SlotOut processor's `wet` and `dry` are set to. */
export function slotGains(slot: Pick<PlanSlot, 'bypassed' | 'mix' | 'entry'>): {
  wet: number;
  dry: number;
} {
  if (slot.bypassed || !slot.entry) return { wet: 0, dry: 1 };
  return { wet: slot.mix, dry: Math.fround(1 - slot.mix) };
}

function planClips(
  clips: readonly Clip[],
  trackId: string,
  { assets, endFrame }: { assets: ReadonlyMap<string, PlanAsset>; endFrame: number },
): SourceClip[] {
  return clips
    .filter((c) => c.trackId === trackId && assets.has(c.assetId) && c.startFrame < endFrame)
    .sort((a, b) => a.startFrame - b.startFrame || (a.id < b.id ? -1 : 1))
    .map((clip) => ({
      assetId: clip.assetId,
      channels: (assets.get(clip.assetId) as PlanAsset).channels,
      startFrame: clip.startFrame,
      offsetFrames: clip.offsetFrames,
      // Nothing is played past the range, so that its tail is the tail of the range alone.
      lengthFrames: Math.min(clip.lengthFrames, endFrame - clip.startFrame),
      gain: Math.fround(10 ** (clip.gainDb / 20)),
    }));
}
