import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeS3, startFakeS3 } from '../../../../tests/support/fake-s3/index.ts';
import type { ObjectStorage } from '../object-storage.ts';
import { openStorage } from '../open-storage.ts';
import { readR2Config } from './r2-config.ts';
import { createR2Storage } from './r2-storage.ts';
import { PART_BYTES } from './send-parts.ts';

const wav = { contentType: 'audio/wav' };
const key = 'exports/p/e/1.wav';
const quick = { connectMs: 1000, requestMs: 150, idleMs: 150, attempts: 2 };

async function* parts(count: number, rest = 0): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(PART_BYTES, i + 1);
  if (rest > 0) yield Buffer.alloc(rest, 99);
}

let fake: FakeS3;
let storage: ObjectStorage;

beforeEach(async () => {
  fake = await startFakeS3();
  const config = readR2Config(fake.env);
  if (!config) throw new Error('no configuration');
  storage = createR2Storage(config);
});
afterEach(() => fake.close());

const impatient = (limits = quick) => {
  const config = readR2Config(fake.env);
  if (!config) throw new Error('no configuration');
  return createR2Storage(config, limits);
};
/** For faults that answer at once: gives up after few attempts, and never because the machine is busy. */
const fewAttempts = { ...quick, requestMs: 20_000, idleMs: 20_000 };

describe('uploads under faults', () => {
  it.each([
    ['a 500 on a part', { kind: 'status', status: 500, code: 'InternalError' }],
    ['a 503 on a part', { kind: 'status', status: 503, code: 'SlowDown' }],
    ['a reset before a part', { kind: 'reset', when: 'before' }],
    ['a reset after a part', { kind: 'reset', when: 'after' }],
  ] as const)('gets over %s', async (_name, action) => {
    fake.faults.add({ method: 'PUT', query: 'partNumber' }, action, 2);
    const { bytes } = await storage.put(key, parts(2, 5), wav);
    expect(fake.bucket.objects.get(key)?.body.length).toBe(bytes);
    expect(fake.bucket.uploads.size).toBe(0);
  });

  it('gets over a lost answer to the completion', async () => {
    fake.faults.add({ method: 'POST', query: 'uploadId' }, { kind: 'reset', when: 'after' });
    const { bytes } = await storage.put(key, parts(2), wav);
    expect(bytes).toBe(2 * PART_BYTES);
    expect(fake.bucket.objects.get(key)?.body.length).toBe(bytes);
  });

  it('does not take an older object of the key for the upload', async () => {
    await storage.put(key, parts(0, 7), wav);
    fake.faults.add(
      { method: 'POST', query: 'uploadId' },
      { kind: 'status', status: 404, code: 'NoSuchUpload' },
      9,
    );
    await expect(storage.put(key, parts(2), wav)).rejects.toThrow('NoSuchUpload');
    expect(fake.bucket.objects.get(key)?.body.length).toBe(7);
  });

  it('leaves nothing half-uploaded when the store fails for good', async () => {
    fake.faults.add(
      { method: 'PUT', query: 'partNumber' },
      { kind: 'status', status: 500, code: 'InternalError' },
      99,
    );
    await expect(impatient(fewAttempts).put(key, parts(4), wav)).rejects.toThrow();
    expect(fake.bucket.uploads.size).toBe(0);
    expect(fake.bucket.objects.size).toBe(0);
  });

  it('leaves nothing half-uploaded when the body fails', async () => {
    const failing = (async function* () {
      yield* parts(3);
      throw new Error('spool unreadable');
    })();
    await expect(storage.put(key, failing, wav)).rejects.toThrow('spool unreadable');
    expect(fake.bucket.uploads.size).toBe(0);
    expect(fake.bucket.objects.size).toBe(0);
  });

  it('ends a hanging part on abort, and has cleaned up when it rejects', async () => {
    const abort = new AbortController();
    fake.faults.add({ method: 'PUT', query: 'partNumber' }, { kind: 'hang' }, 2);
    const upload = storage.put(key, parts(4), { ...wav, signal: abort.signal });
    const partsArrived = () => fake.requests.filter((r) => r.includes('partNumber')).length;
    await expect.poll(partsArrived, { timeout: 30_000 }).toBe(2);
    abort.abort(new Error('canceled'));
    await expect(upload).rejects.toThrow('canceled');
    expect(fake.bucket.uploads.size).toBe(0);
  });

  it('gives up on a store that never answers', async () => {
    fake.faults.add({ method: 'PUT' }, { kind: 'hang' }, 99);
    await expect(impatient().put(key, parts(0, 10), wav)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('notices an object that arrived shorter than it was sent', async () => {
    fake.faults.add({ method: 'HEAD' }, { kind: 'status', status: 404, code: 'NoSuchKey' });
    await expect(storage.put(key, parts(0, 10), wav)).rejects.toMatchObject({
      name: 'UploadMismatchError',
    });
  });
});

describe('what has arrived', () => {
  it.each([
    ['in one request', { method: 'PUT' }, () => parts(0, 1000)],
    ['in parts', { method: 'PUT', query: 'partNumber' }, () => parts(2, 5)],
  ])('is compared with what was sent %s, and other bytes do not stay', async (_n, match, body) => {
    fake.faults.add(match, { kind: 'corrupt' });
    await expect(storage.put(key, body(), wav)).rejects.toMatchObject({
      name: 'UploadMismatchError',
    });
    expect(await storage.head(key)).toBeNull();
    expect(fake.bucket.uploads.size).toBe(0);
    await storage.put(key, body(), wav);
    expect(await storage.head(key)).not.toBeNull();
  });

  it('costs no download where the ETag says it', async () => {
    await storage.put(key, parts(2, 5), wav);
    expect(fake.requests.filter((request) => request.startsWith('GET'))).toEqual([]);
  });

  it('is read back where the ETag is none of ours', async () => {
    const put = fake.bucket.put.bind(fake.bucket);
    fake.bucket.put = (...args) => {
      const stored = { ...put(...args), etag: '"0123"' };
      fake.bucket.objects.set(args[0], stored);
      return stored;
    };
    expect(await storage.put(key, parts(0, 1000), wav)).toMatchObject({ bytes: 1000 });
    expect(fake.requests.filter((request) => request.startsWith('GET'))).toHaveLength(1);
    fake.faults.add({ method: 'PUT' }, { kind: 'corrupt' });
    await expect(storage.put(key, parts(0, 1000), wav)).rejects.toMatchObject({
      name: 'UploadMismatchError',
    });
  });
});

describe('uploads whose sender was killed', () => {
  it('are ended by prefix, and no others', async () => {
    const headers = { contentType: 'x/y', contentDisposition: undefined };
    for (const n of [1, 2, 3, 4, 5]) fake.bucket.createUpload(`exports/p/e/${n}.wav`, headers);
    fake.bucket.createUpload('exports/p/f/1.wav', headers);
    await storage.put('exports/p/e/9.wav', parts(0, 1), wav);
    expect(await storage.abandonUploads('exports/p/e/')).toBe(5);
    expect([...fake.bucket.uploads.values()].map(({ key }) => key)).toEqual(['exports/p/f/1.wav']);
    expect([...fake.bucket.objects.keys()]).toEqual(['exports/p/e/9.wav']);
  });

  it('are left to the bucket’s rule by a store that cannot list them', async () => {
    const unknown = { kind: 'status', status: 501, code: 'NotImplemented' } as const;
    fake.faults.add({ query: 'uploads' }, unknown, 9);
    expect(await impatient(fewAttempts).abandonUploads('exports/')).toBe(0);
  });

  it('fail where it still lives', async () => {
    const uploading = (async function* () {
      yield* parts(3);
      await storage.abandonUploads('exports/p/');
      yield* parts(2);
    })();
    await expect(storage.put(key, uploading, wav)).rejects.toThrow();
    expect(fake.bucket.uploads.size).toBe(0);
    expect(fake.bucket.objects.size).toBe(0);
  });
});

describe('downloads under faults', () => {
  it('ends a body that stalls', async () => {
    await storage.put(key, parts(0, 1_000_000), wav);
    fake.faults.add({ method: 'GET', key }, { kind: 'stall' });
    const found = await impatient({ ...quick, requestMs: 20_000 }).get(key);
    await expect(buffer(found!.body)).rejects.toThrow();
  });

  it('gets over a reset before the answer', async () => {
    await storage.put(key, parts(0, 1000), wav);
    fake.faults.add({ method: 'GET', key }, { kind: 'reset', when: 'before' });
    const found = await storage.get(key);
    expect((await buffer(found!.body)).length).toBe(1000);
  });
});

describe('requests', () => {
  it('carry the file name at upload', async () => {
    const contentDisposition = 'attachment; filename="song.wav"';
    await storage.put(key, parts(0, 10), { ...wav, contentDisposition });
    await storage.put(`${key}.2`, parts(2), { ...wav, contentDisposition });
    expect(fake.bucket.objects.get(key)).toMatchObject({ contentDisposition, ...wav });
    expect(fake.bucket.objects.get(`${key}.2`)).toMatchObject({ contentDisposition, ...wav });
  });

  it('list more objects than one page holds', async () => {
    const headers = { contentType: 'x/y', contentDisposition: undefined };
    for (let i = 0; i < 1005; i++) fake.bucket.put(`many/${i}`, Buffer.alloc(1), headers);
    let count = 0;
    for await (const object of storage.list('many/')) count += object.bytes;
    expect(count).toBe(1005);
  });

  it('are refused with the wrong secret', async () => {
    const config = readR2Config({ ...fake.env, R2_SECRET_ACCESS_KEY: 'wrong' });
    const stranger = createR2Storage(config!);
    await expect(stranger.put(key, parts(0, 1), wav)).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });

  it('load the driver at first use behind openStorage', async () => {
    const opened = openStorage(fake.env, { dataDir: '/nowhere', publicUrl: 'http://x' });
    expect(opened.kind).toBe('r2');
    expect(opened.fileTokens).toBeNull();
    expect(await opened.put(key, parts(0, 3), wav)).toMatchObject({ bytes: 3 });
    expect(await opened.head(key)).toMatchObject({ bytes: 3 });
    const { url } = await opened.presignGet(key, {
      expiresInSeconds: 900,
      contentDisposition: 'attachment',
      contentType: 'audio/wav',
    });
    expect((await fetch(url)).status).toBe(200);
    fake.setClockOffset(901_000);
    expect((await fetch(url)).status).toBe(403);
  });
});
