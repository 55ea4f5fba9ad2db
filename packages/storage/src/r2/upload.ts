import type { S3Client } from '@aws-sdk/client-s3';
import { counted } from '../hashing.ts';
import type { PutOptions } from '../object-storage.ts';
import { digestParts } from './etag.ts';
import { PART_BYTES, sendParts } from './send-parts.ts';

/** The store has other bytes than were sent, or none. */
export class UploadMismatchError extends Error {
  override readonly name = 'UploadMismatchError';
}

export interface UploadTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  /** The object as the store reports it. */
  stored(): Promise<{ readonly bytes: number; readonly etag: string | undefined } | null>;
  /** SHA-256 (hex) of the object, read back. */
  readBack(): Promise<string | null>;
  remove(): Promise<void>;
}

/** Streams a body up, in one request if it is short and in parts otherwise, and compares what has arrived afterwards. */
export async function upload(
  target: UploadTarget,
  body: AsyncIterable<Uint8Array>,
  options: PutOptions,
): Promise<{ bytes: number; sha256: string }> {
  const digests = digestParts(PART_BYTES);
  const stream = counted(body, options.signal, (chunk) => digests.update(chunk));
  let problem: unknown;
  try {
    const { contentType: ContentType, contentDisposition: ContentDisposition } = options;
    const headers = { ContentType, ...(ContentDisposition && { ContentDisposition }) };
    await sendParts({ ...target, headers }, stream, options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!mayHaveCompleted(error)) throw error;
    problem = error;
  }
  const sent = stream.result();
  const stored = await target.stored();
  // A store whose ETags are no MD5 is believed once it has given the bytes back.
  const same =
    stored?.bytes === sent.bytes &&
    (digests.matches(stored.etag) || (await target.readBack()) === sent.sha256);
  if (same) return sent;
  // What stands there is what this upload has put there, unless its end is unknown.
  if (problem === undefined) await target.remove().catch(() => undefined);
  throw new UploadMismatchError(
    `${target.key}: sent ${sent.bytes} bytes (${sent.sha256}), the store has ${stored?.bytes ?? 'none'}${stored ? ` (${stored.etag})` : ''}`,
    { cause: problem },
  );
}

/** The answer to CompleteMultipartUpload was lost, and its repetition finds the upload gone: what is there decides. */
function mayHaveCompleted(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'NoSuchUpload') return false;
  const { $metadata } = error as Error & { $metadata?: { attempts?: number } };
  return ($metadata?.attempts ?? 1) > 1;
}
