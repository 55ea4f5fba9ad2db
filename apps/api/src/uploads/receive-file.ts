import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MAX_UPLOAD_BYTES, type Refusal, RefusedError, refuse } from '@mixdown/contract';
import type { FastifyRequest } from 'fastify';

export interface ReceivedFile extends AsyncDisposable {
  readonly path: string;
  /** As the sender named it, without any folder. */
  readonly fileName: string;
}

/** Boundaries and part headers around the file. */
const FORM_OVERHEAD_BYTES = 64 * 1024;
const TOO_LARGE: Refusal = {
  code: 'asset_too_large',
  detail: `A file may have ${MAX_UPLOAD_BYTES / 1024 / 1024} MB.`,
};
/** A running upload touches its file all the time; one untouched for this long belongs to a killed process. */
const ABANDONED_MS = 60 * 60 * 1000;

/**
 * Streams the one file of a multipart request to a temporary file below `dir`, in constant memory; disposing removes
 * it. Nothing stays behind if the request is refused or cut off.
 */
export async function receiveFile(request: FastifyRequest, dir: string): Promise<ReceivedFile> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > MAX_UPLOAD_BYTES + FORM_OVERHEAD_BYTES) throw new RefusedError(TOO_LARGE);
  if (!request.isMultipart()) {
    throw refuse('unsupported_media_type', 'Send multipart/form-data with one file in it.');
  }
  const limits = { fileSize: MAX_UPLOAD_BYTES, files: 1, parts: 8 };
  const part = await request.file({ limits }).catch((error: unknown) => {
    throw uploadError(error);
  });
  if (!part) throw refuse('validation_failed', 'The form has no file in it.');
  await mkdir(dir, { recursive: true });
  const file = path.join(dir, randomUUID());
  const dispose = () => rm(file, { force: true });
  try {
    await pipeline(part.file, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    if (part.file.truncated) throw new RefusedError(TOO_LARGE);
  } catch (error) {
    await dispose();
    throw uploadError(error);
  }
  return { path: file, fileName: part.filename || 'audio', [Symbol.asyncDispose]: dispose };
}

/** What went wrong with reading a form: the sender's doing, unless the file system says otherwise. */
function uploadError(error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'FST_REQ_FILE_TOO_LARGE') return new RefusedError(TOO_LARGE);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return refuse('unavailable', 'There is no room for uploads right now.', {
      retryAfterSeconds: 60,
    });
  }
  if (error instanceof RefusedError || syscall) return error;
  return refuse('validation_failed', 'The form is malformed, or ended early.');
}

/** Removes what a killed process left of its uploads. */
export async function sweepUploads(dir: string, nowMs: number): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) {
    const file = path.join(dir, name);
    const info = await stat(file).catch(() => null);
    if (info && nowMs - info.mtimeMs > ABANDONED_MS) await rm(file, { force: true });
  }
}

/** Where uploads wait to be decoded: inside of the data folder, which is all that we write to. */
export const uploadsDir = (dataDir: string): string => path.join(dataDir, 'uploads');
