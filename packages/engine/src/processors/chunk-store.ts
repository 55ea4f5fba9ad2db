/** Raw canonical audio of one run of `chunkFrames` frames: interleaved float32, shorter at the asset's end. */
export type Chunk = Float32Array;

/**
 * The PCM that is resident in one render scope, shared by all of its clip sources. Whoever feeds it decides
 * what to add and what to drop; it never grows by itself.
 */
export class ChunkStore {
  readonly chunkFrames: number;
  readonly #assets = new Map<string, Map<number, Chunk>>();

  constructor(chunkFrames: number) {
    this.chunkFrames = chunkFrames;
  }

  /** Samples that are not finite become silence here, once, so that no source has to look again. */
  add(assetId: string, index: number, chunk: Chunk): void {
    for (let i = 0; i < chunk.length; i++) if (!Number.isFinite(chunk[i])) chunk[i] = 0;
    const chunks = this.#assets.get(assetId);
    if (chunks) chunks.set(index, chunk);
    else this.#assets.set(assetId, new Map([[index, chunk]]));
  }

  get(assetId: string, index: number): Chunk | undefined {
    return this.#assets.get(assetId)?.get(index);
  }

  drop(assetId: string, index: number): void {
    const chunks = this.#assets.get(assetId);
    chunks?.delete(index);
    if (chunks?.size === 0) this.#assets.delete(assetId);
  }

  /** Bytes of audio held at the moment. */
  get bytes(): number {
    let sum = 0;
    for (const chunks of this.#assets.values()) {
      for (const chunk of chunks.values()) sum += chunk.byteLength;
    }
    return sum;
  }
}
