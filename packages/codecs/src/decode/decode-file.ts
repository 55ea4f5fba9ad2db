import { RefusedError } from '@mixdown/contract/errors';
import { type Blocks, corrupt } from './decoded.ts';
import type { AudioKind } from './sniff.ts';

export interface DecodeTask {
  readonly path: string;
  /** Where the content begins, behind tags. */
  readonly start: number;
  readonly kind: Exclude<AudioKind, 'wav'>;
}

/** Loaded one by one: each decoder brings its own WebAssembly, and a file needs but one. */
async function open({ path, start, kind }: DecodeTask): Promise<Blocks> {
  switch (kind) {
    case 'flac':
      return (await import('./decode-flac.ts')).decodeFlac(path, start);
    case 'mp3':
      return (await import('./decode-mp3.ts')).decodeMp3(path, start);
    default:
      return (await import('./decode-ogg.ts')).decodeOgg(path, start, kind);
  }
}

/**
 * Decodes a compressed file on this thread. Damaged files make the decoders fail in any way; all of that comes out as
 * RefusedError, except what the file system throws.
 */
export async function* decodeFile(task: DecodeTask): AsyncGenerator<Float32Array[]> {
  try {
    yield* await open(task);
  } catch (error) {
    if (error instanceof RefusedError || (error instanceof Error && 'syscall' in error))
      throw error;
    throw corrupt('The file is damaged: it cannot be decoded.');
  }
}
