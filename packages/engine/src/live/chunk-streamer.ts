import { type ChunkRef, chunkKey, neededChunks } from '../chunks.ts';
import type { FetchChunk } from '../offline.ts';
import type { PlanAsset } from '../plan.ts';
import type { SourceClip } from '../processors/clip-source.ts';

/** Audio that is fetched ahead of the playhead (s). */
const AHEAD_SECONDS = 8;
/** Audio that has to be there before playback starts (s). */
const START_SECONDS = 0.5;
const PARALLEL_FETCHES = 4;
/** Chunks behind the playhead stay while all together are below this. */
const KEEP_BYTES = 64 * 1024 * 1024;
const RETRY_MS = 1000;

export interface StreamerOptions {
  readonly chunkFrames: number;
  readonly sampleRate: number;
  readonly fetchChunk: FetchChunk;
  /** Hands a chunk to the render scope, or tells it to forget one. */
  add(chunk: ChunkRef, samples: ArrayBuffer): void;
  drop(chunk: ChunkRef): void;
}

interface Resident extends ChunkRef {
  readonly bytes: number;
}

/**
 * Keeps the audio ahead of the playhead in the render scope, never the whole song. Failed fetches are tried again
 * for as long as the audio is needed.
 */
export class ChunkStreamer {
  readonly #options: StreamerOptions;
  #clips: readonly SourceClip[] = [];
  #assets: ReadonlyMap<string, PlanAsset> = new Map();
  #wanted: ChunkRef[] = [];
  /** In order of last use, the oldest first. */
  readonly #resident = new Map<string, Resident>();
  readonly #fetching = new Set<string>();
  readonly #failedAt = new Map<string, number>();
  readonly #waiting = new Set<{ keys: ReadonlySet<string>; resolve(): void }>();
  #disposed = false;

  constructor(options: StreamerOptions) {
    this.#options = options;
  }

  setTimeline(clips: readonly SourceClip[], assets: ReadonlyMap<string, PlanAsset>): void {
    this.#clips = clips;
    this.#assets = assets;
  }

  /** Called every now and then with the playhead (timeline frames) and a time in ms. */
  advance(position: number, nowMs: number): void {
    this.#wanted = this.#needed(position, AHEAD_SECONDS);
    for (const chunk of this.#wanted) this.#touch(chunkKey(chunk));
    for (const [key, at] of this.#failedAt) if (nowMs - at >= RETRY_MS) this.#failedAt.delete(key);
    this.#evict();
    this.#fetchMore(nowMs);
  }

  /** Resolves once enough is there to start at `position`. */
  ready(position: number, nowMs: number): Promise<void> {
    this.advance(position, nowMs);
    const keys = new Set(this.#needed(position, START_SECONDS).map(chunkKey));
    return new Promise((resolve) => {
      this.#waiting.add({ keys, resolve });
      this.#settle();
    });
  }

  dispose(): void {
    this.#disposed = true;
    for (const waiting of this.#waiting) waiting.resolve();
    this.#waiting.clear();
  }

  #needed(position: number, seconds: number): ChunkRef[] {
    const { sampleRate, chunkFrames } = this.#options;
    const range = { from: position, to: position + Math.round(seconds * sampleRate) };
    const lengthOf = (id: string) => this.#assets.get(id)?.frames ?? 0;
    return neededChunks(this.#clips, range, chunkFrames, lengthOf);
  }

  #touch(key: string): void {
    const chunk = this.#resident.get(key);
    if (!chunk) return;
    this.#resident.delete(key);
    this.#resident.set(key, chunk);
  }

  /** Forgets the oldest chunks over the budget; what is wanted always stays. */
  #evict(): void {
    const wanted = new Set(this.#wanted.map(chunkKey));
    let bytes = 0;
    for (const chunk of this.#resident.values()) bytes += chunk.bytes;
    for (const [key, chunk] of this.#resident) {
      if (bytes <= KEEP_BYTES) return;
      if (wanted.has(key)) continue;
      this.#resident.delete(key);
      this.#options.drop(chunk);
      bytes -= chunk.bytes;
    }
  }

  #fetchMore(nowMs: number): void {
    for (const chunk of this.#wanted) {
      if (this.#disposed || this.#fetching.size >= PARALLEL_FETCHES) return;
      const key = chunkKey(chunk);
      if (this.#resident.has(key) || this.#fetching.has(key) || this.#failedAt.has(key)) continue;
      void this.#fetch(chunk, key, nowMs);
    }
  }

  async #fetch(chunk: ChunkRef, key: string, nowMs: number): Promise<void> {
    const { chunkFrames, fetchChunk, add } = this.#options;
    const first = chunk.index * chunkFrames;
    const frames = (this.#assets.get(chunk.assetId)?.frames ?? 0) - first;
    this.#fetching.add(key);
    try {
      const samples = await fetchChunk(chunk.assetId, first, Math.min(chunkFrames, frames));
      if (this.#disposed) return;
      const bytes = samples.byteLength;
      add(chunk, samples);
      this.#resident.set(key, { ...chunk, bytes });
      this.#settle();
    } catch {
      // Whatever is needed and missing shows as buffering; it is asked for again after a pause.
      this.#failedAt.set(key, nowMs);
    } finally {
      this.#fetching.delete(key);
    }
    this.#fetchMore(nowMs);
  }

  #settle(): void {
    for (const waiting of this.#waiting) {
      if (![...waiting.keys].every((key) => this.#resident.has(key))) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }
}
