import type { CatalogEntry, Clip, PluginSlot, Track } from '@mixdown/contract';
import { isAudible } from '@mixdown/core';
import { LONGEST_TAIL_SECONDS } from '@mixdown/engine/tail';
import type { ExportSettings } from './presets.ts';

export interface PreflightInput {
  readonly tracks: readonly Track[];
  readonly clips: readonly Clip[];
  readonly plugins: readonly PluginSlot[];
  readonly sampleRate: number;
  entryOf(catalogId: string): CatalogEntry | undefined;
  nameOf(catalogId: string): string;
  /** Whether the slot does not process right now although its plugin is known. */
  isBroken(pluginId: string): boolean;
}

export interface SlotNote {
  readonly pluginId: string;
  readonly catalogId: string;
  readonly name: string;
  readonly trackName: string;
}

/** What will be rendered, and what somebody should know before it is. */
export interface Preflight {
  readonly songSeconds: number;
  /** Longest time that effects may ring on after the last clip. */
  readonly maxTailSeconds: number;
  readonly missing: readonly SlotNote[];
  readonly broken: readonly SlotNote[];
  /** Known, on, and not proven to render as in a browser: an export with one of them fails. */
  readonly uncertified: readonly SlotNote[];
  readonly silentTracks: readonly { readonly name: string; readonly why: string }[];
  /** Cores that rendering as fast as the music plays would take, by the plugins' certificates. */
  readonly cpuShare: number;
}

/** Of an effect without a certificate, and of a track's own strip and its audio. */
const TYPICAL_SHARE = 0.02;

function whySilent(track: Track, anySoloed: boolean, hasClips: boolean): string | null {
  if (track.muted) return 'muted';
  if (!isAudible(track, anySoloed)) return 'another track is soloed';
  if (track.gainDb <= -60) return 'the fader is down';
  return hasClips ? null : 'nothing on it';
}

export function preflight(input: PreflightInput): Preflight {
  const { tracks, clips, plugins, sampleRate, entryOf } = input;
  // As the renderer matches it: another version is another plugin.
  const known = (slot: PluginSlot) => entryOf(slot.catalogId)?.version === slot.version;
  const anySoloed = tracks.some((track) => track.soloed);
  const note = (slot: PluginSlot): SlotNote => ({
    pluginId: slot.id,
    catalogId: slot.catalogId,
    name: input.nameOf(slot.catalogId),
    trackName: tracks.find((track) => track.id === slot.trackId)?.name ?? '',
  });
  const end = Math.max(0, ...clips.map((clip) => clip.startFrame + clip.lengthFrames));
  const tailOf = (slot: PluginSlot) => entryOf(slot.catalogId)?.maxTailSeconds ?? 0;
  // As the renderer reckons, see the engine's maxTailFrames.
  const tails = tracks
    .filter((track) => isAudible(track, anySoloed))
    .map((track) =>
      plugins
        .filter((slot) => slot.trackId === track.id && !slot.bypassed)
        .reduce((sum, slot) => sum + tailOf(slot), 0),
    );
  return {
    songSeconds: end / sampleRate,
    maxTailSeconds: Math.min(LONGEST_TAIL_SECONDS, Math.max(0, ...tails)),
    missing: plugins.filter((slot) => !known(slot)).map(note),
    broken: plugins.filter((slot) => known(slot) && input.isBroken(slot.id)).map(note),
    uncertified: plugins
      .filter((slot) => known(slot) && !slot.bypassed)
      .filter((slot) => entryOf(slot.catalogId)?.renderPath !== 'direct')
      .map(note),
    silentTracks: tracks.flatMap((track) => {
      const why = whySilent(
        track,
        anySoloed,
        clips.some((clip) => clip.trackId === track.id),
      );
      return why ? [{ name: track.name, why }] : [];
    }),
    cpuShare: plugins
      .filter((slot) => known(slot) && !slot.bypassed)
      .reduce((sum, slot) => sum + (entryOf(slot.catalogId)?.cpuShare ?? TYPICAL_SHARE), 0),
  };
}

/** FLAC of music comes to about this share of the samples. */
const FLAC_SHARE = 0.6;
const CHANNELS = 2;

/** Size of the file in bytes, about; exact for WAV and MP3 of that length. */
export function expectedBytes(settings: ExportSettings, seconds: number): number {
  const { format, sampleRate, bitDepth, bitrateKbps } = settings;
  if (format === 'mp3' || format === 'opus') return (seconds * bitrateKbps * 1000) / 8;
  const bits = bitDepth === '32f' ? 32 : bitDepth;
  const pcm = seconds * sampleRate * CHANNELS * (bits / 8);
  return format === 'flac' ? pcm * FLAC_SHARE : pcm + 44;
}
