import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that is written in full before it is read, so that its head can be corrected once the end is known. */
export interface Spool {
  write(bytes: Uint8Array): Promise<void>;
  /** Overwrites bytes already written. */
  patch(position: number, bytes: Uint8Array): Promise<void>;
  readonly length: number;
  read(): AsyncGenerator<Uint8Array>;
}

const READ_BYTES = 1 << 20;

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/**
 * Runs `use` with a new temporary file (in `TMPDIR`), which is gone when `use` ends, however it ends.
 * Throws what the file system throws (a full disk, for example).
 */
export async function* withSpool(
  use: (spool: Spool) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const path = join(tmpdir(), `mixdown-encode-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  let length = 0;
  try {
    // The open handle keeps the content; without a name nothing is left behind if the process is killed.
    await rm(path);
    yield* use({
      async write(bytes) {
        await writeAll(file, bytes, length);
        length += bytes.length;
      },
      patch: (position, bytes) => writeAll(file, bytes, position),
      get length() {
        return length;
      },
      async *read() {
        for (let at = 0; at < length; ) {
          const buffer = new Uint8Array(Math.min(READ_BYTES, length - at));
          const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
          if (bytesRead === 0) throw new Error('the spooled file is shorter than what was written');
          yield buffer.subarray(0, bytesRead);
          at += bytesRead;
        }
      },
    });
  } finally {
    await file.close();
  }
}
