import {
  ASSET_CHUNK_FRAMES,
  type Catalog,
  type ExportOptions,
  type ProjectSnapshot,
} from '@mixdown/contract';
import { installProcessorErrorHook, loadPlugin, onProcessorError } from '@mixdown/wam-host';
import { neededChunks } from './chunks.ts';
import { stillClock } from './graph/clock.ts';
import { MasterGraph } from './graph/master-graph.ts';
import { SlotGraph } from './graph/slot-graph.ts';
import { TrackGraph } from './graph/track-graph.ts';
import { buildPlan, type PlanSlot, type PlanTrack, type RenderPlan, slotGains } from './plan.ts';
import { PluginRenderError } from './render-error.ts';
import { OutputTrimmer, renderFrames } from './trim-output.ts';

/** Canonical audio of an asset: `frames` frames from `startFrame` on, raw interleaved float32. */
export type FetchChunk = (
  assetId: string,
  startFrame: number,
  frames: number,
) => Promise<ArrayBuffer>;

export interface RenderOfflineOptions {
  readonly snapshot: ProjectSnapshot;
  readonly catalog: Catalog;
  readonly options: Pick<ExportOptions, 'range' | 'tail'>;
  /** Where the page serves this package's worklet module. */
  readonly workletUrl: string;
  readonly fetchChunk: FetchChunk;
}

/**
 * Renders a project in the page, with the graph that plays it, to planar stereo at the project's rate: the same
 * bytes as the direct path. All audio is handed in before rendering begins, so nothing depends on timing.
 * Throws {@link PluginRenderError} when a plugin does not load or fails while rendering.
 */
export async function renderOffline(options: RenderOfflineOptions): Promise<Float32Array[]> {
  installProcessorErrorHook();
  const { sampleRate } = options.snapshot.project;
  const plan = buildPlan(options.snapshot, options.catalog, { ...options.options, sampleRate });
  const context = new OfflineAudioContext(2, Math.max(1, renderFrames(plan)), sampleRate);
  await context.audioWorklet.addModule(options.workletUrl);
  const inputs = plan.tracks.map((_, index) => index);
  const master = new MasterGraph(context, {
    chunkFrames: ASSET_CHUNK_FRAMES,
    exact: true,
    play: { atFrame: 0, position: plan.startFrame },
    order: inputs,
  });
  const failures: PluginRenderError[] = [];
  for (const track of plan.tracks) await buildTrack(context, master, track, failures);
  await handInAudio(plan, master, options.fetchChunk);
  const buffer = await context.startRendering();
  const faults = await master.settle();
  // Errors of processors travel on their own way: let them arrive.
  await new Promise((resolve) => setTimeout(resolve));
  for (const { slotId, fault } of faults) {
    const slot = plan.tracks.flatMap((t) => t.slots).find((s) => s.pluginId === slotId);
    if (slot)
      failures.push(new PluginRenderError({ ...slot, failure: fault }, 'Its output broke.'));
  }
  if (failures[0]) throw failures[0];
  return trim(plan, buffer);
}

async function buildTrack(
  context: OfflineAudioContext,
  master: MasterGraph,
  track: PlanTrack,
  failures: PluginRenderError[],
): Promise<void> {
  const out = master.takeInput();
  if (!out) throw new Error('The project has more tracks than the engine has inputs');
  const graph = new TrackGraph(context, stillClock, track, out);
  for (const [position, slot] of track.slots.entries()) {
    const slotGraph = new SlotGraph(context, stillClock, slot);
    slotGraph.setGains(slotGains(slot));
    await graph.chain.linkIn(slotGraph, position);
    // As in the direct path, what is not heard is not run.
    if (slot.entry && track.audible && slotGains(slot).wet !== 0) {
      await attachPlugin(context, slotGraph, slot, failures);
    }
  }
}

async function attachPlugin(
  context: OfflineAudioContext,
  slotGraph: SlotGraph,
  slot: PlanSlot,
  failures: PluginRenderError[],
): Promise<void> {
  if (!slot.entry) return;
  const { entry, params, state } = slot;
  const loaded = await loadPlugin({ context, entry, params, state, hostGroupId: 'mixdown' });
  if (!loaded.ok) throw new PluginRenderError({ ...slot, failure: loaded.failure }, loaded.detail);
  onProcessorError(loaded.instance.audioNode, (detail) => {
    failures.push(new PluginRenderError({ ...slot, failure: 'processor_error' }, detail));
  });
  await slotGraph.attach(loaded.instance);
}

async function handInAudio(
  plan: RenderPlan,
  master: MasterGraph,
  fetchChunk: FetchChunk,
): Promise<void> {
  const frames = (assetId: string) => plan.assets.get(assetId)?.frames ?? 0;
  const range = { from: plan.startFrame, to: plan.startFrame + plan.lengthFrames };
  const clips = plan.tracks.flatMap((track) => track.clips);
  for (const { assetId, index } of neededChunks(clips, range, ASSET_CHUNK_FRAMES, frames)) {
    const first = index * ASSET_CHUNK_FRAMES;
    const count = Math.min(ASSET_CHUNK_FRAMES, frames(assetId) - first);
    const samples = await fetchChunk(assetId, first, count);
    master.send({ type: 'chunk', assetId, index, samples }, [samples]);
  }
  await master.settle();
}

function trim(plan: RenderPlan, buffer: AudioBuffer): Float32Array[] {
  const blocks = new OutputTrimmer(plan).push([buffer.getChannelData(0), buffer.getChannelData(1)]);
  return [0, 1].map((c) => {
    const out = new Float32Array(blocks.reduce((sum, block) => sum + block[0].length, 0));
    let at = 0;
    for (const block of blocks) {
      out.set(block[c as 0 | 1], at);
      at += block[0].length;
    }
    return out;
  });
}
