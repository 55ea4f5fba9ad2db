import { Readable } from 'node:stream';
import { AbortMultipartUploadCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { counted } from '../hashing.ts';
import type { PutOptions } from '../object-storage.ts';

/** R2 wants all parts but the last of one size, 5 MiB at least. Two parts in flight bound the memory of one upload. */
export const PART_BYTES = 8 * 1024 * 1024;
const PARTS_IN_FLIGHT = 2;

/** The store's size differs from what was sent, or the object is not there. */
export class UploadMismatchError extends Error {
  override readonly name = 'UploadMismatchError';
}

export interface UploadTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  /** Size of the object as the store reports it. */
  readonly storedBytes: () => Promise<number | null>;
}

/** Streams a body up, in one request if it is short and in parts otherwise, and compares the size afterwards. */
export async function upload(
  { client, bucket, key, storedBytes }: UploadTarget,
  body: AsyncIterable<Uint8Array>,
  options: PutOptions,
): Promise<{ bytes: number; sha256: string }> {
  const stream = counted(body, options.signal);
  const source = Readable.from(stream, { objectMode: false });
  const task = new Upload({
    client: abortable(client, options.signal),
    partSize: PART_BYTES,
    queueSize: PARTS_IN_FLIGHT,
    params: {
      Bucket: bucket,
      Key: key,
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
  const stored = await storedBytes();
  if (stored !== sent.bytes) {
    throw new UploadMismatchError(
      `${key}: sent ${sent.bytes} bytes, the store has ${stored ?? 'none'}`,
      { cause: problem },
    );
  }
  return sent;
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

/** The answer to CompleteMultipartUpload was lost, and its repetition finds the upload gone: the size decides. */
function mayHaveCompleted(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'NoSuchUpload') return false;
  const { $metadata } = error as Error & { $metadata?: { attempts?: number } };
  return ($metadata?.attempts ?? 1) > 1;
}
