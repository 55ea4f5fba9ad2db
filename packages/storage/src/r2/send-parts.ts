import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/** R2 wants all parts but the last of one size, 5 MiB at least. */
export const PART_BYTES = 5 * 1024 * 1024;
/** Each has a buffer, which is used again: what is sent costs this much memory, however much it is. */
const PARTS_IN_FLIGHT = 2;

export interface PartsTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly headers: { readonly ContentType: string; readonly ContentDisposition?: string };
}

/**
 * Sends a body in one request if it is no longer than a part, and in parts otherwise, each of which the client repeats
 * where it fails. Rejects once nothing of it is under way any more and the upload is aborted.
 */
export async function sendParts(
  { client, bucket, key, headers }: PartsTarget,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const target = { Bucket: bucket, Key: key };
  const failed = new AbortController();
  const options = {
    abortSignal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
  };
  const buffers = Array.from({ length: PARTS_IN_FLIGHT }, () => Buffer.allocUnsafeSlow(PART_BYTES));
  const sending: Promise<void>[] = buffers.map(() => Promise.resolve());
  const sent: { ETag: string | undefined; PartNumber: number }[] = [];
  let uploadId: string | undefined;
  let slot = 0;
  let filled = 0;

  const filledPart = () => (buffers[slot] as Buffer).subarray(0, filled);
  const sendPart = async (PartNumber: number, Body: Buffer) => {
    const part = new UploadPartCommand({ ...target, UploadId: uploadId, PartNumber, Body });
    const { ETag } = await client.send(part, options);
    sent[PartNumber - 1] = { ETag, PartNumber };
  };
  let count = 0;
  const begin = () => {
    const part = sendPart(++count, filledPart());
    // Noticed when its buffer is wanted again, or at the end.
    part.catch(() => undefined);
    sending[slot] = part;
    slot = (slot + 1) % PARTS_IN_FLIGHT;
    filled = 0;
  };

  try {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.byteLength; ) {
        // Only now is it sure that there is more than one part.
        if (filled === PART_BYTES) {
          uploadId ??= (
            await client.send(new CreateMultipartUploadCommand({ ...target, ...headers }), options)
          ).UploadId;
          begin();
          await sending[slot];
        }
        const take = Math.min(chunk.byteLength - at, PART_BYTES - filled);
        buffers[slot]?.set(chunk.subarray(at, at + take), filled);
        filled += take;
        at += take;
      }
    }
    if (uploadId === undefined) {
      await client.send(
        new PutObjectCommand({ ...target, ...headers, Body: filledPart() }),
        options,
      );
      return;
    }
    begin();
    await Promise.all(sending);
    const MultipartUpload = { Parts: sent };
    await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId: uploadId, MultipartUpload }),
      options,
    );
  } catch (error) {
    failed.abort();
    await Promise.allSettled(sending);
    // Not stopped by any signal. What it does not reach, `abandonUploads` does.
    if (uploadId !== undefined) {
      const abort = new AbortMultipartUploadCommand({ ...target, UploadId: uploadId });
      await client.send(abort).catch(() => undefined);
    }
    throw error;
  }
}
