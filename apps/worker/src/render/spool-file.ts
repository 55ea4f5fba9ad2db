import { type FileHandle, open } from 'node:fs/promises';

/** Frames per stored block; 64 KiB of stereo. */
export const SPOOL_BLOCK_FRAMES = 8192;
const CHANNELS = 2;
const FRAME_BYTES = CHANNELS * Float32Array.BYTES_PER_ELEMENT;

/**
 * A mix on disk between two passes: float32 in the machine's byte order, in blocks of 8192 frames, each planar (all of
 * the left channel, then all of the right). The last block is as long as what is left.
 */
export class SpoolWriter {
  readonly #file: FileHandle;
  readonly #block = new Float32Array(SPOOL_BLOCK_FRAMES * CHANNELS);
  #filled = 0;
  #frames = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<SpoolWriter> {
    return new SpoolWriter(await open(path, 'wx'));
  }

  get frames(): number {
    return this.#frames;
  }

  /** Appends a planar stereo block of any length. */
  async write([left, right]: readonly Float32Array[]): Promise<void> {
    if (!left || right?.length !== left.length) throw new TypeError('not a planar stereo block');
    for (let at = 0; at < left.length; ) {
      const take = Math.min(left.length - at, SPOOL_BLOCK_FRAMES - this.#filled);
      this.#block.set(left.subarray(at, at + take), this.#filled);
      this.#block.set(right.subarray(at, at + take), SPOOL_BLOCK_FRAMES + this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled === SPOOL_BLOCK_FRAMES) await this.#flush();
    }
    this.#frames += left.length;
  }

  async close(): Promise<void> {
    try {
      // A short last block moves its right channel up to the end of its left one.
      this.#block.copyWithin(this.#filled, SPOOL_BLOCK_FRAMES, SPOOL_BLOCK_FRAMES + this.#filled);
      await this.#flush();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    const bytes = new Uint8Array(this.#block.buffer, 0, this.#filled * FRAME_BYTES);
    for (let done = 0; done < bytes.length; ) {
      done += (await this.#file.write(bytes, done, bytes.length - done)).bytesWritten;
    }
    this.#filled = 0;
  }
}

/** The blocks of a spool file as planar stereo; each is the caller's to keep. */
export async function* readSpool(path: string): AsyncGenerator<Float32Array[]> {
  const file = await open(path, 'r');
  try {
    while (true) {
      const block = new Float32Array(SPOOL_BLOCK_FRAMES * CHANNELS);
      const bytes = new Uint8Array(block.buffer);
      const length = await readFully(file, bytes);
      const frames = length / FRAME_BYTES;
      if (frames > 0) yield [block.subarray(0, frames), block.subarray(frames, 2 * frames)];
      if (frames < SPOOL_BLOCK_FRAMES) return;
    }
  } finally {
    await file.close();
  }
}

async function readFully(file: FileHandle, into: Uint8Array): Promise<number> {
  let length = 0;
  while (length < into.length) {
    const { bytesRead } = await file.read(into, length, into.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
