import { type FileHandle, open } from 'node:fs/promises';

/** A file that is read in pieces, at any place. */
export interface Source {
  readonly bytes: number;
  /** Up to `length` bytes from `position` on; fewer only at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** From `position` to the end in pieces of `size`. */
  chunks(position: number, size: number): AsyncGenerator<Uint8Array>;
}

function sourceOf(file: FileHandle, bytes: number): Source {
  const read = async (position: number, length: number) => {
    const wanted = Math.max(0, Math.min(length, bytes - position));
    const buffer = new Uint8Array(wanted);
    let done = 0;
    while (done < wanted) {
      const { bytesRead } = await file.read(buffer, done, wanted - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  };
  return {
    bytes,
    read,
    async *chunks(position, size) {
      for (let at = position; at < bytes; at += size) yield await read(at, size);
    },
  };
}

/** Runs `use` with the file at `path`, and closes it when `use` ends. */
export async function withSource<T>(path: string, use: (source: Source) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await use(sourceOf(file, (await file.stat()).size));
  } finally {
    await file.close();
  }
}

/** The same for a generator: the file closes when it ends or is left. */
export async function* streamSource<T>(
  path: string,
  use: (source: Source) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const file = await open(path, 'r');
  try {
    yield* use(sourceOf(file, (await file.stat()).size));
  } finally {
    await file.close();
  }
}
