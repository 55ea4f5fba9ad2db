import { createHash, randomUUID } from 'node:crypto';
import { S3Error } from './s3-error.ts';

export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
  readonly contentDisposition: string | undefined;
  readonly etag: string;
  readonly modifiedAt: Date;
}

export interface PendingUpload {
  readonly key: string;
  readonly contentType: string;
  readonly contentDisposition: string | undefined;
  readonly parts: Map<number, { body: Buffer; etag: string }>;
}

type Headers = Pick<StoredObject, 'contentType' | 'contentDisposition'>;

const MIN_PART = 5 * 1024 * 1024;

/** What is in the bucket, and the rules of R2 by which it gets there. */
export class Bucket {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, PendingUpload>();

  put(key: string, body: Buffer, headers: Headers): StoredObject {
    return this.#store(key, body, headers, `"${md5(body)}"`);
  }

  createUpload(key: string, headers: Headers): string {
    const id = randomUUID();
    this.uploads.set(id, { key, ...headers, parts: new Map() });
    return id;
  }

  upload(id: string, key: string): PendingUpload {
    const pending = this.uploads.get(id);
    if (pending?.key !== key) throw new S3Error(404, 'NoSuchUpload');
    return pending;
  }

  uploadPart(id: string, key: string, partNumber: number, body: Buffer): string {
    if (!(partNumber >= 1 && partNumber <= 10_000))
      throw new S3Error(400, 'InvalidArgument', 'partNumber');
    const etag = `"${md5(body)}"`;
    this.upload(id, key).parts.set(partNumber, { body, etag });
    return etag;
  }

  /** R2: every part but the last has one size, at least 5 MiB; the last is not larger. */
  completeUpload(
    id: string,
    key: string,
    listed: { number: number; etag: string }[],
  ): StoredObject {
    const pending = this.upload(id, key);
    const parts = listed.map(({ number, etag }, index) => {
      const part = pending.parts.get(number);
      if (!part || part.etag !== etag) throw new S3Error(400, 'InvalidPart');
      if (index > 0 && number <= (listed[index - 1]?.number ?? 0))
        throw new S3Error(400, 'InvalidPartOrder');
      return part;
    });
    const last = parts.at(-1);
    const size = parts[0]?.body.length;
    if (!last || size === undefined) throw new S3Error(400, 'MalformedXML', 'no parts');
    for (const { body } of parts.slice(0, -1)) {
      if (body.length < MIN_PART) throw new S3Error(400, 'EntityTooSmall');
      if (body.length !== size) {
        throw new S3Error(400, 'InvalidPart', 'All non-trailing parts must have the same length.');
      }
    }
    if (last.body.length > size)
      throw new S3Error(400, 'InvalidPart', 'the last part is the largest');
    const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), 'hex')));
    this.uploads.delete(id);
    const body = Buffer.concat(parts.map((part) => part.body));
    return this.#store(key, body, pending, `"${md5(digests)}-${parts.length}"`);
  }

  abortUpload(id: string, key: string): void {
    this.upload(id, key);
    this.uploads.delete(id);
  }

  #store(key: string, body: Buffer, headers: Headers, etag: string): StoredObject {
    const { contentType, contentDisposition } = headers;
    const stored = { body, contentType, contentDisposition, etag, modifiedAt: new Date() };
    this.objects.set(key, stored);
    return stored;
  }
}

const md5 = (data: Buffer) => createHash('md5').update(data).digest('hex');
