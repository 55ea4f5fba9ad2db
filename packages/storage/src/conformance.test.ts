import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeS3 } from '../../../tests/support/fake-s3/index.ts';
import { createFileStorage } from './files/file-storage.ts';
import { type ObjectStorage, RangeNotSatisfiableError } from './object-storage.ts';
import { readR2Config } from './r2/r2-config.ts';
import { createR2Storage } from './r2/r2-storage.ts';
import { PART_BYTES } from './r2/send-parts.ts';

/** Deterministic bytes that do not compress into anything a driver could get right by luck. */
function bytesOf(length: number): Buffer {
  const out = Buffer.alloc(length);
  let x = 0x9e3779b9;
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    out[i] = x >>> 24;
  }
  return out;
}

async function* inChunks(data: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const wav = { contentType: 'audio/wav' };

interface Subject {
  readonly storage: ObjectStorage;
  close(): Promise<void>;
}

async function files(): Promise<Subject> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'mixdown-storage-'));
  // What the API does with a token, without the API: serve the grant.
  const server = createServer(async (req, res) => {
    const grant = storage.fileTokens.verifyDownloadToken(req.url?.split('/').at(-1) ?? '');
    const found = grant && (await storage.get(grant.key));
    if (!found) return void res.writeHead(403).end();
    res.writeHead(200, { 'content-type': grant.type, 'content-disposition': grant.disposition });
    found.body.pipe(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const storage = createFileStorage({ dataDir, publicUrl });
  return {
    storage,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dataDir, { recursive: true });
    },
  };
}

async function fakeR2(): Promise<Subject> {
  const fake = await startFakeS3();
  const config = readR2Config(fake.env);
  if (!config) throw new Error('the fake gives no configuration');
  return { storage: createR2Storage(config), close: () => fake.close() };
}

async function realR2(): Promise<Subject> {
  const config = readR2Config(process.env);
  if (!config) throw new Error('R2_* is not set');
  return { storage: createR2Storage(config), close: async () => undefined };
}

const drivers: [string, () => Promise<Subject>][] = [
  ['files', files],
  ['R2 (fake)', fakeR2],
];
if (process.env.R2_BUCKET) drivers.push(['R2 (real)', realR2]);

describe.each(drivers)('object storage: %s', (_name, open) => {
  let subject: Subject;
  let storage: ObjectStorage;
  // A folder of this run's own, so that runs against a real bucket do not meet.
  const root = `conformance/${randomUUID()}`;

  beforeAll(async () => {
    subject = await open();
    storage = subject.storage;
  });
  afterAll(async () => {
    for await (const { key } of storage.list(`${root}/`)) await storage.delete(key);
    await subject.close();
  });

  const put = (key: string, data: Buffer, chunk = 65_536) =>
    storage.put(`${root}/${key}`, inChunks(data, chunk), wav);
  const read = async (key: string, range?: { start: number; end: number }) => {
    const found = await storage.get(`${root}/${key}`, range);
    return found && { ...found, body: await buffer(found.body) };
  };

  it.each([
    ['nothing', 0],
    ['one byte', 1],
    ['an odd length', 100_003],
    ['exactly one part', PART_BYTES],
    ['several parts and a rest', 20 * 1024 * 1024 + 7],
  ])('keeps %s', async (name, length) => {
    const data = bytesOf(length);
    const key = name.replaceAll(' ', '-');
    expect(await put(key, data)).toEqual({ bytes: length, sha256: sha256(data) });
    expect(await storage.head(`${root}/${key}`)).toEqual({
      bytes: length,
      contentType: 'audio/wav',
    });
    const found = await read(key);
    expect(found).toMatchObject({ bytes: length, totalBytes: length, contentType: 'audio/wav' });
    expect(found?.body.equals(data)).toBe(true);
  });

  it('copies an object, and the two live and die apart', async () => {
    const data = bytesOf(70_001);
    await put('copies/from', data);
    const [from, to] = [`${root}/copies/from`, `${root}/other/to`];
    const other = {
      contentType: 'audio/flac',
      contentDisposition: 'attachment; filename="x.flac"',
    };
    expect(await storage.copy(from, to, other)).toMatchObject({ bytes: data.length });
    expect(await storage.head(to)).toEqual({ bytes: data.length, contentType: 'audio/flac' });
    expect(await storage.head(from)).toEqual({ bytes: data.length, contentType: 'audio/wav' });
    await put('copies/from', bytesOf(10));
    expect((await read('other/to'))?.body.equals(data)).toBe(true);
    await storage.delete(from);
    expect((await read('other/to'))?.body.equals(data)).toBe(true);
    const listed: string[] = [];
    for await (const { key } of storage.list(`${root}/other/`)) listed.push(key);
    expect(listed).toEqual([to]);
    await storage.copy(to, from, wav);
    await storage.delete(to);
    expect((await read('copies/from'))?.body.equals(data)).toBe(true);
  });

  it('copies nothing where there is nothing, and leaves nothing', async () => {
    expect(await storage.copy(`${root}/absent`, `${root}/absent-too`, wav)).toBeNull();
    expect(await storage.head(`${root}/absent-too`)).toBeNull();
  });

  it('answers null for what is not there', async () => {
    expect(await storage.head(`${root}/absent`)).toBeNull();
    expect(await storage.get(`${root}/absent`)).toBeNull();
    expect(await storage.get(`${root}/absent`, { start: 0, end: 1 })).toBeNull();
    await storage.delete(`${root}/absent`);
  });

  it.each([
    [0, 0],
    [1, 999],
    [500, 99_999],
    [999, 999],
  ])('reads bytes %i to %i', async (start, end) => {
    const data = bytesOf(1000);
    await put('ranges', data);
    const found = await read('ranges', { start, end });
    const expected = data.subarray(start, end + 1);
    expect(found).toMatchObject({ bytes: expected.length, totalBytes: 1000 });
    expect(found?.body.equals(expected)).toBe(true);
  });

  it('refuses a range behind the end', async () => {
    await put('short', bytesOf(10));
    const behind = storage.get(`${root}/short`, { start: 10, end: 20 });
    await expect(behind).rejects.toBeInstanceOf(RangeNotSatisfiableError);
    const backwards = storage.get(`${root}/short`, { start: 5, end: 4 });
    await expect(backwards).rejects.toBeInstanceOf(RangeNotSatisfiableError);
  });

  it('lists by prefix in byte order, and forgets what is deleted', async () => {
    const keys = ['list/a/2', 'list/a-b', 'list/a/1', 'list/b', 'listing'];
    for (const key of keys) await put(key, bytesOf(3));
    const listed = async (prefix: string) => {
      const found: string[] = [];
      for await (const object of storage.list(`${root}/${prefix}`)) {
        expect(object.bytes).toBe(3);
        expect(object.modifiedAt.getTime()).toBeGreaterThan(0);
        found.push(object.key.slice(root.length + 1));
      }
      return found;
    };
    expect(await listed('list/')).toEqual(['list/a-b', 'list/a/1', 'list/a/2', 'list/b']);
    expect(await listed('list/a/')).toEqual(['list/a/1', 'list/a/2']);
    expect(await listed('list')).toEqual([
      ...['list/a-b', 'list/a/1', 'list/a/2', 'list/b'],
      'listing',
    ]);
    await storage.delete(`${root}/list/a/1`);
    await storage.delete(`${root}/list/a/2`);
    expect(await listed('list/')).toEqual(['list/a-b', 'list/b']);
    expect(await listed('nothing/')).toEqual([]);
  });

  it('replaces an object whole', async () => {
    await put('twice', bytesOf(5000));
    await put('twice', Buffer.from('new'));
    expect((await read('twice'))?.body.toString()).toBe('new');
  });

  it('keeps nothing of an upload whose body fails, and the old object with it', async () => {
    await put('failing', Buffer.from('old'));
    const body = (async function* () {
      yield bytesOf(9 * 1024 * 1024);
      throw new Error('the render failed');
    })();
    await expect(storage.put(`${root}/failing`, body, wav)).rejects.toThrow('the render failed');
    expect((await read('failing'))?.body.toString()).toBe('old');
  });

  it('keeps nothing of an upload that is aborted, even while its body hangs', async () => {
    const abort = new AbortController();
    const body = (async function* () {
      yield bytesOf(9 * 1024 * 1024);
      abort.abort(new Error('canceled'));
      await new Promise(() => undefined);
    })();
    const upload = storage.put(`${root}/aborted/x`, body, { ...wav, signal: abort.signal });
    await expect(upload).rejects.toThrow('canceled');
    expect(await storage.head(`${root}/aborted/x`)).toBeNull();
    for await (const { key } of storage.list(`${root}/aborted/`)) expect(key).toBeUndefined();
  });

  it('mints URLs that carry type and file name, and end', async () => {
    await put('song', Buffer.from('la la la'));
    const { url, expiresAt } = await storage.presignGet(`${root}/song`, {
      expiresInSeconds: 60,
      contentDisposition: 'attachment; filename="song.wav"',
      contentType: 'audio/x-wav',
    });
    const left = (expiresAt.getTime() - Date.now()) / 1000;
    expect(left).toBeGreaterThan(50);
    expect(left).toBeLessThanOrEqual(60);
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="song.wav"');
    expect(answer.headers.get('content-type')).toBe('audio/x-wav');
    expect(await answer.text()).toBe('la la la');
    const tampered = await fetch(url.replace(/.$/, (c) => (c === '0' ? '1' : '0')));
    expect(tampered.status).toBe(403);
  });

  it('mints no URL that outlives a quarter of an hour', async () => {
    const long = {
      expiresInSeconds: 901,
      contentDisposition: 'attachment',
      contentType: 'audio/wav',
    };
    await expect(storage.presignGet(`${root}/song`, long)).rejects.toBeInstanceOf(RangeError);
  });

  it.each(['', '/etc/passwd', '../secret', 'a/../b', 'a//b', 'a/.hidden', 'a\\b', 'a/%2e%2e', 'ä'])(
    'refuses the key %j',
    async (key) => {
      await expect(storage.put(key, inChunks(bytesOf(1), 1), wav)).rejects.toBeInstanceOf(
        TypeError,
      );
      await expect(storage.get(key)).rejects.toBeInstanceOf(TypeError);
      await expect(storage.delete(key)).rejects.toBeInstanceOf(TypeError);
    },
  );
});
