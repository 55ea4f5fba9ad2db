import { availableParallelism } from 'node:os';
import {
  ASSET_CHUNK_FRAMES,
  type Catalog,
  type ExportOptions,
  type ProjectSnapshot,
} from '@mixdown/contract';
import { type ChunkRef, chunkKey } from '../chunks.ts';
import { buildPlan, type RenderPlan } from '../plan.ts';
import { SumTree } from '../processors/sum-tree.ts';
import { createStereo, type Stereo } from '../quantum.ts';
import { OutputTrimmer, renderFrames } from '../trim-output.ts';
import { AssetFeed, type OpenAsset } from './asset-feed.ts';
import type { ResolvePluginFile } from './plugin-code.ts';
import { outputOffset, SEGMENT_FRAMES, SEGMENTS_AHEAD } from './protocol.ts';
import { RenderThread } from './render-thread.ts';
import { type Share, shareOut } from './thread-setup.ts';

export interface RenderProgress {
  /** Frames of the file that exist by now. */
  readonly renderedFrames: number;
  /** Frames of the range, without its tail. */
  readonly songFrames: number;
  /** Frames that the file can have at most; an `auto` tail usually ends earlier. */
  readonly totalFrames: number;
}

export interface RenderDirectOptions {
  readonly snapshot: ProjectSnapshot;
  readonly catalog: Catalog;
  readonly options: Pick<ExportOptions, 'range' | 'tail'>;
  readonly resolvePluginFile: ResolvePluginFile;
  readonly openAsset: OpenAsset;
  /** Worker threads; default one per core. The bytes do not depend on it. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RenderProgress) => void;
  /** Without progress for so long, the running plugin is taken to hang (10 s). */
  readonly hangTimeoutMs?: number;
}

const DEFAULT_HANG_TIMEOUT_MS = 10_000;

/**
 * Renders a project to planar float32 stereo at the project's rate, block by block (up to 8192 frames each; the
 * consumer's pace is the render's pace). Memory does not grow with the length. Same snapshot, same bytes, with
 * any number of threads, and the same as playback from the range's start.
 *
 * Throws {@link PluginRenderError} when a plugin fails, the signal's reason when aborted, and what `openAsset`
 * or its readers throw. All threads are gone when the iteration ends, however it ends.
 */
export async function* renderDirect(options: RenderDirectOptions): AsyncGenerator<Float32Array[]> {
  options.signal?.throwIfAborted();
  const plan = buildPlan(options.snapshot, options.catalog, {
    ...options.options,
    sampleRate: options.snapshot.project.sampleRate,
  });
  const shares = await shareOut(plan, {
    threads: options.threads ?? availableParallelism(),
    chunkFrames: ASSET_CHUNK_FRAMES,
    resolvePluginFile: options.resolvePluginFile,
  });
  options.signal?.throwIfAborted();
  const feed = new AssetFeed(plan, options.openAsset, ASSET_CHUNK_FRAMES);
  const threads = shares.map(
    (share) => new DirectThread(share, feed, options.hangTimeoutMs ?? DEFAULT_HANG_TIMEOUT_MS),
  );
  const end = (reason: Error) => Promise.all(threads.map((t) => t.thread.terminate(reason)));
  const onAbort = () => void end(abortError(options.signal));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    yield* renderSegments(plan, { threads, feed, onProgress: options.onProgress ?? (() => {}) });
    options.signal?.throwIfAborted();
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    await end(new Error('The render is over'));
    await feed.close();
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('The render was aborted', { cause: reason });
}

/** A thread together with what it has been given. */
class DirectThread {
  readonly thread: RenderThread;
  readonly #share: Share;
  readonly #feed: AssetFeed;
  #held: ChunkRef[] = [];

  constructor(share: Share, feed: AssetFeed, hangTimeoutMs: number) {
    this.#share = share;
    this.#feed = feed;
    this.thread = new RenderThread(share.setup, { hangTimeoutMs });
  }

  /** Hands out a segment; resolves to a promise of its completion once the audio for it has been read. */
  async issue(segment: number): Promise<{ rendered: Promise<void> }> {
    const clips = this.#share.setup.tracks.flatMap((track) => track.clips);
    const needed = this.#feed.needed(clips, segment);
    const keys = new Set(needed.map(chunkKey));
    const held = new Set(this.#held.map(chunkKey));
    const drop = this.#held.filter((chunk) => !keys.has(chunkKey(chunk)));
    const missing = needed.filter((chunk) => !held.has(chunkKey(chunk)));
    // Each thread gets a copy of its own, which it frees when it is done with it.
    const add = await Promise.all(
      missing.map(async (chunk) => ({
        ...chunk,
        samples: (await this.#feed.get(chunk)).slice(0),
      })),
    );
    this.#held = needed;
    return { rendered: this.thread.render({ segment, add, drop }) };
  }

  /** Puts views of the thread's tracks in their places of the plan's order. */
  collect(segment: number, into: (Stereo | null)[]): void {
    const { output, tracks } = this.#share.setup;
    this.#share.trackIndices.forEach((place, track) => {
      const side = (which: 0 | 1) => {
        const offset = outputOffset(tracks.length, { segment, track, side: which });
        return new Float32Array(output, offset * 4, SEGMENT_FRAMES);
      };
      into[place] = [side(0), side(1)];
    });
  }
}

interface Rendering {
  readonly threads: readonly DirectThread[];
  readonly feed: AssetFeed;
  readonly onProgress: (progress: RenderProgress) => void;
}

async function* renderSegments(
  plan: RenderPlan,
  { threads, feed, onProgress }: Rendering,
): AsyncGenerator<Float32Array[]> {
  const trimmer = new OutputTrimmer(plan);
  const sum = new SumTree(SEGMENT_FRAMES);
  const mix = createStereo(SEGMENT_FRAMES);
  const segments = Math.ceil(renderFrames(plan) / SEGMENT_FRAMES);
  const inFlight: Promise<void>[][] = [];
  let issued = 0;
  let renderedFrames = 0;
  for (let segment = 0; !trimmer.done; segment++) {
    for (; issued < Math.min(segments, segment + SEGMENTS_AHEAD); issued++) {
      feed.advance(issued);
      const jobs = await Promise.all(threads.map((thread) => thread.issue(issued)));
      inFlight.push(jobs.map((job) => job.rendered));
    }
    await Promise.all(inFlight.shift() ?? []);
    const tracks: (Stereo | null)[] = plan.tracks.map(() => null);
    for (const thread of threads) thread.collect(segment, tracks);
    sum.sum(tracks, mix);
    for (const block of trimmer.push(mix)) {
      renderedFrames += block[0].length;
      yield [block[0], block[1]];
    }
    const songFrames = plan.lengthFrames;
    onProgress({ renderedFrames, songFrames, totalFrames: songFrames + plan.maxTailFrames });
  }
}
