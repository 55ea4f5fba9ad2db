import { createReadStream } from 'node:fs';
import { EXPORT_CONTENT_TYPES, type ExportOptions } from '@mixdown/contract';
import { attachment, type ObjectStorage } from '@mixdown/storage';
import { ExportError } from '../export-error.ts';

export interface UploadJob {
  readonly path: string;
  readonly key: string;
  readonly fileName: string;
  readonly format: ExportOptions['format'];
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

/** Streams a finished file into the object storage. Rejects with an ExportError, or with the signal's reason. */
export async function uploadExport(
  storage: ObjectStorage,
  job: UploadJob,
): Promise<{ bytes: number; sha256: string }> {
  try {
    return await storage.put(job.key, withProgress(job.path, job.onProgress), {
      contentType: EXPORT_CONTENT_TYPES[job.format],
      contentDisposition: attachment(job.fileName),
      signal: job.signal,
    });
  } catch (cause) {
    job.signal.throwIfAborted();
    throw new ExportError('upload_failed', 'The finished file could not be stored.', {
      retryable: true,
      cause,
    });
  }
}

async function* withProgress(
  path: string,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    yield chunk as Uint8Array;
    bytes += (chunk as Uint8Array).byteLength;
    onProgress(bytes);
  }
}
