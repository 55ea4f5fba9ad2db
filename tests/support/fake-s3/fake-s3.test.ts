import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bucket } from './bucket.ts';
import { type FakeS3, startFakeS3 } from './index.ts';
import { verifySignature } from './sigv4.ts';

const keys = { accessKeyId: 'test-access-key', secretAccessKey: 'test-secret-key' };

describe('the signature check', () => {
  let fake: FakeS3;
  beforeAll(async () => {
    fake = await startFakeS3();
  });
  afterAll(() => fake.close());

  it('refuses a request without a signature', async () => {
    const answer = await fetch(`${fake.url}/${fake.env.R2_BUCKET}/x`, { method: 'PUT', body: 'x' });
    expect(answer.status).toBe(403);
    expect(fake.bucket.objects.size).toBe(0);
  });

  it.each([
    [
      'an unknown key',
      'AWS4-HMAC-SHA256 Credential=other/20260125/auto/s3/aws4_request, SignedHeaders=host, Signature=',
    ],
    [
      'a wrong signature',
      'AWS4-HMAC-SHA256 Credential=test-access-key/20260125/auto/s3/aws4_request, SignedHeaders=host, Signature=',
    ],
  ])('refuses %s', (_name, start) => {
    const headers = {
      host: 'h',
      'x-amz-date': '20260125T000000Z',
      authorization: start + 'a'.repeat(64),
    };
    const request = { method: 'GET', target: '/b/k', headers, body: Buffer.alloc(0) };
    expect(() => verifySignature(request, keys, Date.UTC(2026, 0, 25))).toThrow();
  });
});

describe('R2’s rules for parts', () => {
  const mib = 1024 * 1024;
  const complete = (sizes: number[]) => {
    const bucket = new Bucket();
    const id = bucket.createUpload('k', { contentType: 'x/y', contentDisposition: undefined });
    const listed = sizes.map((size, i) => ({
      number: i + 1,
      etag: bucket.uploadPart(id, 'k', i + 1, Buffer.alloc(size)),
    }));
    return bucket.completeUpload(id, 'k', listed).body.length;
  };

  it('accepts equal parts and a shorter rest', () => {
    expect(complete([5 * mib, 5 * mib, 1])).toBe(10 * mib + 1);
  });

  it.each([
    ['small parts', [mib, mib, mib], 'EntityTooSmall'],
    ['unequal parts', [5 * mib, 6 * mib, mib], 'All non-trailing parts must have the same length.'],
    ['a last part that is larger', [5 * mib, 6 * mib], 'the last part is the largest'],
  ])('refuses %s', (_name, sizes, message) => {
    expect(() => complete(sizes)).toThrow(message);
  });
});
