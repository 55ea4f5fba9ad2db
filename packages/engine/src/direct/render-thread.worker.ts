/** Runs in a worker thread: renders its tracks segment by segment, as the main thread asks. */
import { parentPort, workerData } from 'node:worker_threads';
import { ChunkStore } from '../processors/chunk-store.ts';
import type { Stereo } from '../quantum.ts';
import { freeMemory } from './asset-feed.ts';
import { PluginFault, PluginHost } from './plugin-runner.ts';
import {
  outputOffset,
  placeOf,
  type RenderMessage,
  SEGMENT_FRAMES,
  type ThreadReply,
  type ThreadSetup,
  WATCH_PLACE,
  WATCH_PROGRESS,
} from './protocol.ts';
import { TrackRenderer } from './track-renderer.ts';

const setup = workerData as ThreadSetup;
const port = parentPort;
if (!port) throw new Error('This module runs in a worker thread only');

const watch = new Int32Array(setup.watch);
const store = new ChunkStore(setup.chunkFrames);
const host = new PluginHost(setup.sampleRate);
let trackNow = 0;

const reply = (message: ThreadReply) => port.postMessage(message);

function onSlot(slot: number): void {
  Atomics.store(watch, WATCH_PLACE, slot < 0 ? -1 : placeOf(trackNow, slot));
}

function tick(frame: number): void {
  Atomics.add(watch, WATCH_PROGRESS, 1);
  host.currentFrame = frame;
}

/** Errors of ours are bugs and end the thread; those of a plugin are answers. */
function guarded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PluginFault)) throw error;
    const place = Atomics.load(watch, WATCH_PLACE);
    reply({ type: 'failed', place, failure: error.failure, detail: error.message });
    return undefined;
  }
}

const renderers = guarded(() =>
  setup.tracks.map((track, index) => {
    trackNow = index;
    Atomics.add(watch, WATCH_PROGRESS, 1);
    return new TrackRenderer(track, { store, host, plugins: setup.plugins, onSlot });
  }),
);

function outputOf(segment: number, track: number): Stereo {
  const side = (which: 0 | 1) =>
    new Float32Array(
      setup.output,
      outputOffset(setup.tracks.length, { segment, track, side: which }) * 4,
      SEGMENT_FRAMES,
    );
  return [side(0), side(1)];
}

port.on('message', ({ segment, add, drop }: RenderMessage) => {
  if (!renderers) return;
  for (const chunk of add) store.add(chunk.assetId, chunk.index, new Float32Array(chunk.samples));
  for (const { assetId, index } of drop) {
    const chunk = store.get(assetId, index);
    store.drop(assetId, index);
    if (chunk) freeMemory(chunk.buffer as ArrayBuffer);
  }
  const frame = segment * SEGMENT_FRAMES;
  const done = guarded(() => {
    for (trackNow = 0; trackNow < renderers.length; trackNow++) {
      const at = { frame, position: setup.startFrame + frame };
      renderers[trackNow]?.render(outputOf(segment, trackNow), at, tick);
    }
    return true;
  });
  if (done) reply({ type: 'rendered', segment });
});
