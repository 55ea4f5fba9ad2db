import type { IncomingHttpHeaders } from 'node:http';
import type { Bucket, StoredObject } from './bucket.ts';
import { S3Error } from './s3-error.ts';

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: Buffer | string;
}

/** The operations that the product uses; anything else is refused, so that a new use is noticed. */
export function operate(bucket: Bucket, request: S3Request): S3Answer {
  const { method, key, query } = request;
  if (method === 'GET' && key === '' && query.get('list-type') === '2')
    return list(bucket, request);
  if (method === 'GET' && key === '' && query.has('uploads')) return listUploads(bucket, request);
  if (key === '') throw new S3Error(501, 'NotImplemented', `${method} on the bucket`);
  if (method === 'GET' || method === 'HEAD') return read(bucket, request);
  if (method === 'PUT' && query.has('partNumber')) return putPart(bucket, request);
  if (method === 'PUT' && request.headers['x-amz-copy-source']) return copy(bucket, request);
  if (method === 'PUT') return put(bucket, request);
  if (method === 'POST' && query.has('uploads')) return createUpload(bucket, request);
  if (method === 'POST' && query.has('uploadId')) return complete(bucket, request);
  if (method === 'DELETE' && query.has('uploadId')) {
    bucket.abortUpload(query.get('uploadId') ?? '', key);
    return { status: 204, headers: {} };
  }
  if (method === 'DELETE') {
    bucket.objects.delete(key);
    return { status: 204, headers: {} };
  }
  throw new S3Error(501, 'NotImplemented', `${method} ${query}`);
}

const storedHeaders = (headers: IncomingHttpHeaders) => ({
  contentType: headers['content-type'] ?? 'application/octet-stream',
  contentDisposition: headers['content-disposition'],
});

function put(bucket: Bucket, { key, headers, body }: S3Request): S3Answer {
  if (headers['if-none-match'] === '*' && bucket.objects.has(key)) {
    throw new S3Error(412, 'PreconditionFailed');
  }
  if (headers['content-length'] === undefined) throw new S3Error(411, 'MissingContentLength');
  return { status: 200, headers: { etag: bucket.put(key, body, storedHeaders(headers)).etag } };
}

/** Within the bucket, with headers of its own, which is how the product copies. */
function copy(bucket: Bucket, { bucket: name, key, headers }: S3Request): S3Answer {
  const source = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, '');
  if (!source.startsWith(`${name}/`)) throw new S3Error(404, 'NoSuchBucket');
  if (headers['x-amz-metadata-directive'] !== 'REPLACE')
    throw new S3Error(501, 'NotImplemented', 'a copy that keeps the headers');
  const stored = bucket.objects.get(source.slice(name.length + 1));
  if (!stored) throw new S3Error(404, 'NoSuchKey');
  const { etag, modifiedAt } = bucket.put(key, stored.body, storedHeaders(headers));
  return xml(
    `<CopyObjectResult><ETag>${escapeXml(etag)}</ETag><LastModified>${modifiedAt.toISOString()}</LastModified></CopyObjectResult>`,
  );
}

function createUpload(bucket: Bucket, { bucket: name, key, headers }: S3Request): S3Answer {
  const id = bucket.createUpload(key, storedHeaders(headers));
  return xml(
    `<InitiateMultipartUploadResult><Bucket>${name}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
  );
}

function putPart(bucket: Bucket, { key, query, body }: S3Request): S3Answer {
  const number = Number(query.get('partNumber'));
  const etag = bucket.uploadPart(query.get('uploadId') ?? '', key, number, body);
  return { status: 200, headers: { etag } };
}

function complete(bucket: Bucket, { bucket: name, key, query, body }: S3Request): S3Answer {
  const listed = [...body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
    etag: (/<ETag>(.*?)</.exec(part)?.[1] ?? '').replaceAll('&quot;', '"'),
  }));
  const { etag } = bucket.completeUpload(query.get('uploadId') ?? '', key, listed);
  return xml(
    `<CompleteMultipartUploadResult><Bucket>${name}</Bucket><Key>${escapeXml(key)}</Key><ETag>${escapeXml(etag)}</ETag></CompleteMultipartUploadResult>`,
  );
}

function read(bucket: Bucket, { method, key, query, headers }: S3Request): S3Answer {
  const stored = bucket.objects.get(key);
  if (!stored) throw new S3Error(404, 'NoSuchKey');
  const common = {
    etag: stored.etag,
    'last-modified': stored.modifiedAt.toUTCString(),
    'accept-ranges': 'bytes',
  };
  if (headers['if-none-match'] === stored.etag) return { status: 304, headers: common };
  const { status, body, extra } = slice(stored, headers.range);
  const disposition = query.get('response-content-disposition') ?? stored.contentDisposition;
  return {
    status,
    headers: {
      ...common,
      ...extra,
      'content-type': query.get('response-content-type') ?? stored.contentType,
      ...(disposition ? { 'content-disposition': disposition } : {}),
      'content-length': String(body.length),
    },
    ...(method === 'GET' ? { body } : {}),
  };
}

function slice({ body }: StoredObject, range: string | undefined) {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) {
    return { status: 200, body, extra: {} };
  }
  const start = from === '' ? Math.max(0, body.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? body.length - 1 : Math.min(Number(to), body.length - 1);
  if (start >= body.length || end < start) throw new S3Error(416, 'InvalidRange');
  const extra = { 'content-range': `bytes ${start}-${end}/${body.length}` };
  return { status: 206, body: body.subarray(start, end + 1), extra };
}

function list(bucket: Bucket, { query }: S3Request): S3Answer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
  const keys = [...bucket.objects.keys()].filter((k) => k.startsWith(prefix) && k > after).sort();
  const page = keys.slice(0, limit);
  const contents = page.map((key) => {
    const { body, etag, modifiedAt } = bucket.objects.get(key) as StoredObject;
    return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${modifiedAt.toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag><Size>${body.length}</Size></Contents>`;
  });
  const more = keys.length > page.length;
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  return xml(
    `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  );
}

/** Pages of two, so that whoever asks has to go on asking. */
const UPLOADS_A_PAGE = 2;

function listUploads(bucket: Bucket, { query }: S3Request): S3Answer {
  const prefix = query.get('prefix') ?? '';
  const after = `${query.get('key-marker') ?? ''} ${query.get('upload-id-marker') ?? ''}`;
  const all = [...bucket.uploads].map(([id, { key }]) => ({ id, key, at: `${key} ${id}` }));
  const rest = all
    .filter(({ key, at }) => key.startsWith(prefix) && at > after)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const page = rest.slice(0, UPLOADS_A_PAGE);
  const last = page.at(-1);
  const more = rest.length > page.length && last;
  const next = more
    ? `<NextKeyMarker>${escapeXml(last.key)}</NextKeyMarker><NextUploadIdMarker>${last.id}</NextUploadIdMarker>`
    : '';
  const listed = page.map(
    ({ id, key }) => `<Upload><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId></Upload>`,
  );
  return xml(
    `<ListMultipartUploadsResult><IsTruncated>${Boolean(more)}</IsTruncated>${next}${listed.join('')}</ListMultipartUploadsResult>`,
  );
}

const xml = (body: string): S3Answer => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});
const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
