import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Bucket } from './bucket.ts';
import { type FaultAction, Faults } from './faults.ts';
import { operate, type S3Answer } from './operations.ts';
import { S3Error } from './s3-error.ts';
import { verifySignature } from './sigv4.ts';

export interface FakeS3 {
  readonly url: string;
  /** What a server's environment must say to use this store. */
  readonly env: Readonly<
    Record<'R2_ENDPOINT' | 'R2_BUCKET' | 'R2_ACCESS_KEY_ID' | 'R2_SECRET_ACCESS_KEY', string>
  >;
  readonly bucket: Bucket;
  readonly faults: Faults;
  /** `METHOD key?query-names` of every request, in order of arrival. */
  readonly requests: string[];
  /** Moves the store's clock, milliseconds against ours. */
  setClockOffset(ms: number): void;
  close(): Promise<void>;
}

/**
 * A small S3 for tests, with R2's rules: SigV4 checked in header and query, multipart parts of one size, Range,
 * If-None-Match, and faults on demand. Everything is kept in memory.
 */
export async function startFakeS3(): Promise<FakeS3> {
  const keys = { accessKeyId: 'test-access-key', secretAccessKey: 'test-secret-key' };
  const name = 'mixdown-test';
  const bucket = new Bucket();
  const faults = new Faults();
  const requests: string[] = [];
  let clockOffset = 0;

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const target = req.url ?? '/';
    const url = new URL(target, 'http://host');
    const [, bucketName = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const method = req.method ?? 'GET';
    requests.push(`${method} ${key}?${[...url.searchParams.keys()].join('&')}`);
    const fault = faults.take(method, key, url.searchParams);
    if (fault?.kind === 'hang') return void req.resume();
    if (fault?.kind === 'reset' && fault.when === 'before') return void req.socket.destroy();
    const body = await buffer(req);
    let answer: S3Answer;
    try {
      if (fault?.kind === 'status') throw new S3Error(fault.status, fault.code);
      verifySignature(
        { method, target, headers: req.headers, body },
        keys,
        Date.now() + clockOffset,
      );
      if (bucketName !== name) throw new S3Error(404, 'NoSuchBucket');
      answer = operate(bucket, {
        method,
        bucket: name,
        key,
        query: url.searchParams,
        headers: req.headers,
        body: fault?.kind === 'corrupt' ? corrupted(body) : body,
      });
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      answer = asXml(error);
    }
    if (fault?.kind === 'reset') return void req.socket.destroy();
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    send(res, answer, fault);
  }

  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => res.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: {
      R2_ENDPOINT: url,
      R2_BUCKET: name,
      R2_ACCESS_KEY_ID: keys.accessKeyId,
      R2_SECRET_ACCESS_KEY: keys.secretAccessKey,
    },
    bucket,
    faults,
    requests,
    setClockOffset: (ms) => {
      clockOffset = ms;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function corrupted(body: Buffer): Buffer {
  const other = Buffer.from(body);
  const middle = other.length >> 1;
  if (other.length > 0) other[middle] = (other[middle] as number) ^ 1;
  return other;
}

function asXml({ status, code, message }: S3Error): S3Answer {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`,
  };
}

function send(res: ServerResponse, answer: S3Answer, fault: FaultAction | null): void {
  res.writeHead(answer.status, answer.headers);
  if (res.req.method === 'HEAD') return void res.end();
  const body = Buffer.from(answer.body ?? '');
  if (fault?.kind === 'stall') return void res.write(body.subarray(0, body.length >> 1));
  res.end(body);
}
