import { type ChunkRef, chunkKey, neededChunks } from '../chunks.ts';
import type { PlanAsset, RenderPlan } from '../plan.ts';
import type { SourceClip } from '../processors/clip-source.ts';
import { SEGMENT_FRAMES } from './protocol.ts';

/** Canonical audio of one asset, read by byte range; `end` is exclusive. */
export interface AssetReader {
  read(start: number, end: number): Promise<Uint8Array>;
  close?(): Promise<void>;
}

export type OpenAsset = (assetId: string) => Promise<AssetReader>;

/**
 * Reads the audio of a plan just ahead of the render and forgets it behind it: never more than the chunks that
 * sound in the next `chunkFrames` frames, however long the song is.
 */
export class AssetFeed {
  readonly #plan: RenderPlan;
  readonly #clips: readonly SourceClip[];
  readonly #openAsset: OpenAsset;
  readonly #chunkFrames: number;
  readonly #readers = new Map<string, Promise<AssetReader>>();
  readonly #chunks = new Map<string, Promise<ArrayBuffer>>();

  constructor(plan: RenderPlan, openAsset: OpenAsset, chunkFrames: number) {
    this.#plan = plan;
    this.#clips = plan.tracks.filter((track) => track.audible).flatMap((track) => track.clips);
    this.#openAsset = openAsset;
    this.#chunkFrames = chunkFrames;
  }

  /** The chunks that `clips` need in a segment. */
  needed(clips: readonly SourceClip[], segment: number): ChunkRef[] {
    const from = this.#plan.startFrame + segment * SEGMENT_FRAMES;
    return this.#neededIn(clips, from, from + SEGMENT_FRAMES);
  }

  /** Starts to read what comes next, and drops what is over once `segment` has been handed out. */
  advance(segment: number): void {
    const from = this.#plan.startFrame + segment * SEGMENT_FRAMES;
    const wanted = this.#neededIn(this.#clips, from, from + this.#chunkFrames + SEGMENT_FRAMES);
    const keys = new Set(wanted.map(chunkKey));
    for (const [key, reading] of this.#chunks) {
      if (keys.has(key)) continue;
      this.#chunks.delete(key);
      reading.then(freeMemory, () => {});
    }
    for (const chunk of wanted) void this.get(chunk).catch(() => {});
  }

  /** A chunk's samples; the buffer stays the feed's. Rejects with what the reader rejects with. */
  get(chunk: ChunkRef): Promise<ArrayBuffer> {
    const key = chunkKey(chunk);
    const known = this.#chunks.get(key);
    if (known) return known;
    const reading = this.#read(chunk);
    this.#chunks.set(key, reading);
    return reading;
  }

  async close(): Promise<void> {
    const readers = await Promise.allSettled(this.#readers.values());
    await Promise.allSettled(
      readers.map((r) => (r.status === 'fulfilled' ? r.value.close?.() : undefined)),
    );
  }

  #neededIn(clips: readonly SourceClip[], from: number, to: number): ChunkRef[] {
    const lengthOf = (id: string) => this.#asset(id).frames;
    return neededChunks(clips, { from, to }, this.#chunkFrames, lengthOf);
  }

  #asset(id: string): PlanAsset {
    const asset = this.#plan.assets.get(id);
    if (!asset) throw new Error(`The plan has no asset ${id}`);
    return asset;
  }

  async #read({ assetId, index }: ChunkRef): Promise<ArrayBuffer> {
    const { channels, frames } = this.#asset(assetId);
    let reader = this.#readers.get(assetId);
    if (!reader) {
      reader = this.#openAsset(assetId);
      this.#readers.set(assetId, reader);
    }
    const first = index * this.#chunkFrames;
    const count = Math.min(this.#chunkFrames, frames - first);
    const frameBytes = channels * 4;
    const source = await reader;
    const bytes = await source.read(first * frameBytes, (first + count) * frameBytes);
    if (bytes.byteLength !== count * frameBytes) {
      throw new Error(`Asset ${assetId} ended early: ${bytes.byteLength} bytes at frame ${first}`);
    }
    const samples = new ArrayBuffer(bytes.byteLength);
    new Uint8Array(samples).set(bytes);
    return samples;
  }
}

/**
 * Gives a buffer's memory back at once. Left to the garbage collector, which sees only small objects here, a long
 * song would pile up before it looks.
 */
export function freeMemory(buffer: ArrayBuffer): void {
  buffer.transfer(0);
}
