import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  paginateListObjectsV2,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { sha256Of } from '../hashing.ts';
import { checkKey, checkPrefix } from '../keys.ts';
import { checkExpiry, type ObjectStorage, RangeNotSatisfiableError } from '../object-storage.ts';
import { createR2Client, DEFAULT_TIMEOUTS, type R2Timeouts } from './r2-client.ts';
import type { R2Config } from './r2-config.ts';
import { type UploadTarget, upload } from './upload.ts';

const UNKNOWN_TYPE = 'application/octet-stream';

/** Objects in a Cloudflare R2 bucket (or any S3 that keeps its rules). */
export function createR2Storage(
  config: R2Config,
  timeouts: R2Timeouts = DEFAULT_TIMEOUTS,
): ObjectStorage {
  const client = createR2Client(config, timeouts);
  const Bucket = config.bucket;

  const ask = (key: string) =>
    client.send(new HeadObjectCommand({ Bucket, Key: checkKey(key) })).catch(nullIfMissing);
  const head: ObjectStorage['head'] = async (key) => {
    const answer = await ask(key);
    if (!answer) return null;
    return { bytes: answer.ContentLength ?? 0, contentType: answer.ContentType ?? UNKNOWN_TYPE };
  };
  const remove: ObjectStorage['delete'] = async (key) => {
    await client.send(new DeleteObjectCommand({ Bucket, Key: checkKey(key) }));
  };
  const get: ObjectStorage['get'] = async (key, range) => {
    if (range && range.end < range.start) throw new RangeNotSatisfiableError(null);
    const Range = range && `bytes=${range.start}-${range.end}`;
    const answer = await client
      .send(new GetObjectCommand({ Bucket, Key: checkKey(key), ...(Range ? { Range } : {}) }))
      .catch(nullIfMissing)
      .catch(asRangeError);
    if (!answer) return null;
    const bytes = answer.ContentLength ?? 0;
    return {
      body: answer.Body as Readable,
      bytes,
      totalBytes: totalOf(answer.ContentRange) ?? bytes,
      contentType: answer.ContentType ?? UNKNOWN_TYPE,
    };
  };

  return {
    head,
    get,
    delete: remove,
    async put(key, body, options) {
      checkKey(key);
      const target: UploadTarget = {
        client,
        bucket: Bucket,
        key,
        async stored() {
          const answer = await ask(key);
          return answer && { bytes: answer.ContentLength ?? 0, etag: answer.ETag };
        },
        async readBack() {
          const found = await get(key);
          return found && sha256Of(found.body);
        },
        remove: () => remove(key),
      };
      return upload(target, body, options);
    },
    async copy(from, to, { contentType, contentDisposition, signal }) {
      const copied = await client
        .send(
          new CopyObjectCommand({
            Bucket,
            Key: checkKey(to),
            // Keys have no character that would need escaping.
            CopySource: `${Bucket}/${checkKey(from)}`,
            MetadataDirective: 'REPLACE',
            ContentType: contentType,
            ...(contentDisposition && { ContentDisposition: contentDisposition }),
          }),
          signal ? { abortSignal: signal } : {},
        )
        .catch(nullIfMissing);
      return copied && head(to);
    },
    async abandonUploads(prefix) {
      checkPrefix(prefix);
      const found: { Key: string; UploadId: string }[] = [];
      let marker: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
      while (marker) {
        const page: ListMultipartUploadsCommandOutput | null = await client
          .send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix, ...marker }))
          .catch(nullIfUnknown);
        if (!page) return 0;
        for (const { Key, UploadId } of page.Uploads ?? []) {
          if (Key?.startsWith(prefix) && UploadId) found.push({ Key, UploadId });
        }
        const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
        marker =
          page.IsTruncated && KeyMarker && UploadIdMarker ? { KeyMarker, UploadIdMarker } : null;
      }
      for (const upload of found) {
        await client
          .send(new AbortMultipartUploadCommand({ Bucket, ...upload }))
          .catch(nullIfMissing);
      }
      return found.length;
    },
    async *list(prefix) {
      for await (const page of paginateListObjectsV2(
        { client },
        { Bucket, Prefix: checkPrefix(prefix) },
      )) {
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          if (Key) yield { key: Key, bytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
        }
      }
    },
    async presignGet(key, { expiresInSeconds, contentDisposition, contentType }) {
      checkExpiry(expiresInSeconds);
      const signingDate = new Date();
      const command = new GetObjectCommand({
        Bucket,
        Key: checkKey(key),
        ResponseContentDisposition: contentDisposition,
        ResponseContentType: contentType,
      });
      const url = await getSignedUrl(client, command, { expiresIn: expiresInSeconds, signingDate });
      return { url, expiresAt: new Date(signingDate.getTime() + expiresInSeconds * 1000) };
    },
  };
}

function nullIfMissing(error: unknown): null {
  if (
    error instanceof S3ServiceException &&
    ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(error.name)
  ) {
    return null;
  }
  throw error;
}

/** A store without the operation has its lifecycle rule alone; everything else below the prefix is still deleted. */
function nullIfUnknown(error: unknown): null {
  if (error instanceof S3ServiceException && error.name === 'NotImplemented') return null;
  throw error;
}

function asRangeError(error: unknown): never {
  if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416) {
    throw new RangeNotSatisfiableError(null);
  }
  throw error;
}

/** `bytes 0-9/100` → 100. */
function totalOf(contentRange: string | undefined): number | null {
  const total = Number(contentRange?.split('/')[1]);
  return Number.isInteger(total) ? total : null;
}
