import { Readable } from 'node:stream';
import { AbortMultipartUploadCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { counted } from '../hashing.ts';
import type { PutOptions } from '../object-storage.ts';
import { digestParts } from './etag.ts';

/** R2 wants all parts but the last of one size, 5 MiB at least. Two parts in flight bound the memory of one upload. */
export const PART_BYTES = 8 * 1024 * 1024;
const PARTS_IN_FLIGHT = 2;

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
  const source = Readable.from(stream, { objectMode: false });
  const task = new Upload({
    client: abortable(target.client, options.signal),
    partSize: PART_BYTES,
    queueSize: PARTS_IN_FLIGHT,
    params: {
      Bucket: target.bucket,
      Key: target.key,
      Body: source,
      ContentType: options.contentType,
      ...(options.contentDisposition ? { ContentDisposition: options.contentDisposition } : {}),
    },
  });
  let problem: unknown;
  try {
    await task.done();
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!mayHaveCompleted(error)) throw error;
    problem = error;
  } finally {
    source.destroy();
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

/**
 * A view of the client whose requests end with the signal. `Upload`'s own abort rejects at once and leaves the clean-up
 * running in the background; failing requests instead make it abort the multipart upload before it rejects. The
 * clean-up request itself must not be stopped by the signal.
 */
function abortable(client: S3Client, signal: AbortSignal | undefined): S3Client {
  if (!signal) return client;
  const send = (command: Parameters<S3Client['send']>[0]) =>
    client.send(
      command,
      command instanceof AbortMultipartUploadCommand ? {} : { abortSignal: signal },
    );
  return Object.create(client, { send: { value: send } }) as S3Client;
}

/** The answer to CompleteMultipartUpload was lost, and its repetition finds the upload gone: what is there decides. */
function mayHaveCompleted(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'NoSuchUpload') return false;
  const { $metadata } = error as Error & { $metadata?: { attempts?: number } };
  return ($metadata?.attempts ?? 1) > 1;
}
