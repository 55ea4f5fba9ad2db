import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.ts';

export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const MAX_SKEW_MS = 15 * 60 * 1000;
const WEEK_SECONDS = 7 * 24 * 3600;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Checks AWS Signature Version 4 in the header or in the query, as S3 defines it. Throws an S3Error if it is not right. */
export function verifySignature(request: SignedRequest, keys: Credentials, now: number): void {
  const url = new URL(request.target, 'http://host');
  const query = url.searchParams;
  const presigned = query.has('X-Amz-Signature');
  const parts = presigned ? fromQuery(query) : fromHeader(request.headers.authorization);
  const [accessKey, day, region, service, terminator] = parts.credential.split('/');
  if (accessKey !== keys.accessKeyId) throw new S3Error(403, 'InvalidAccessKeyId');
  if (region !== 'auto' || service !== 's3' || terminator !== 'aws4_request') {
    throw new S3Error(
      400,
      'AuthorizationHeaderMalformed',
      'the scope is not <day>/auto/s3/aws4_request',
    );
  }
  const stamp = presigned ? query.get('X-Amz-Date') : header(request, 'x-amz-date');
  const signedAt = parseStamp(stamp);
  if (!stamp?.startsWith(day ?? '?'))
    throw new S3Error(403, 'SignatureDoesNotMatch', 'date and scope differ');
  if (presigned) checkExpiry(Number(query.get('X-Amz-Expires')), signedAt, now);
  else if (Math.abs(now - signedAt) > MAX_SKEW_MS) throw new S3Error(403, 'RequestTimeTooSkewed');

  const signedHeaders = parts.signedHeaders.split(';');
  if (!signedHeaders.includes('host'))
    throw new S3Error(403, 'AccessDenied', 'host must be signed');
  const canonical = [
    request.method,
    url.pathname
      .split('/')
      .map((s) => encode(decodeURIComponent(s)))
      .join('/'),
    canonicalQuery(query),
    ...signedHeaders.map(
      (name) => `${name}:${header(request, name)?.trim().replace(/ +/g, ' ') ?? ''}`,
    ),
    '',
    parts.signedHeaders,
    presigned ? 'UNSIGNED-PAYLOAD' : payloadHash(request, signedHeaders),
  ].join('\n');
  const scope = `${day}/${region}/${service}/${terminator}`;
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n');
  let key: Buffer | string = `AWS4${keys.secretAccessKey}`;
  for (const part of [day, region, service, terminator]) key = hmac(key, part ?? '');
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(parts.signature, 'hex'))) {
    throw new S3Error(403, 'SignatureDoesNotMatch', canonical);
  }
}

function fromHeader(authorization: string | string[] | undefined) {
  if (!authorization) throw new S3Error(403, 'AccessDenied', 'the request is not signed');
  const [, credential, signedHeaders, signature] = AUTHORIZATION.exec(String(authorization)) ?? [];
  if (!credential || !signedHeaders || !signature)
    throw new S3Error(400, 'AuthorizationHeaderMalformed');
  return { credential, signedHeaders, signature };
}

function fromQuery(query: URLSearchParams) {
  const [credential, signedHeaders, signature] = [
    query.get('X-Amz-Credential'),
    query.get('X-Amz-SignedHeaders'),
    query.get('X-Amz-Signature'),
  ];
  const fine = query.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256';
  if (!fine || !credential || !signedHeaders || !/^[0-9a-f]{64}$/.test(signature ?? '')) {
    throw new S3Error(400, 'AuthorizationQueryParametersError');
  }
  return { credential, signedHeaders, signature: signature ?? '' };
}

function checkExpiry(seconds: number, signedAt: number, now: number): void {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > WEEK_SECONDS) {
    throw new S3Error(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires');
  }
  if (now > signedAt + seconds * 1000)
    throw new S3Error(403, 'AccessDenied', 'Request has expired');
  if (now < signedAt - MAX_SKEW_MS) throw new S3Error(403, 'AccessDenied', 'signed in the future');
}

/** The hash in the header must be signed and be that of the body: a tampered body is found here. */
function payloadHash(request: SignedRequest, signedHeaders: string[]): string {
  const given = header(request, 'x-amz-content-sha256');
  if (!given || !signedHeaders.includes('x-amz-content-sha256')) {
    throw new S3Error(400, 'InvalidRequest', 'x-amz-content-sha256 must be sent and signed');
  }
  if (given === 'UNSIGNED-PAYLOAD') return given;
  if (given.startsWith('STREAMING-')) throw new S3Error(501, 'NotImplemented', given);
  if (given !== sha256(request.body)) throw new S3Error(400, 'XAmzContentSHA256Mismatch');
  return given;
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function parseStamp(stamp: string | null | undefined): number {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp ?? '') ?? [];
  if (!y) throw new S3Error(403, 'AccessDenied', 'X-Amz-Date is missing or malformed');
  return Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
}

const header = (request: SignedRequest, name: string) => request.headers[name]?.toString();
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) =>
  createHmac('sha256', key).update(data).digest();
