import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signDownloadToken, verifyDownloadToken } from './download-tokens.ts';
import { createFileStorage } from './file-storage.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'mixdown-files-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const wav = { contentType: 'audio/wav' };
async function* body(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const open = (now?: () => number) =>
  createFileStorage({ dataDir, publicUrl: 'http://host/', ...(now ? { now } : {}) });
const grant = { contentDisposition: 'attachment', contentType: 'audio/wav' };

describe('the data folder', () => {
  it('keeps the secret to its owner and across restarts', async () => {
    const { url } = await open().presignGet('a', { ...grant, expiresInSeconds: 60 });
    const token = url.split('/').at(-1) ?? '';
    expect((await stat(path.join(dataDir, 'storage-secret'))).mode & 0o777).toBe(0o600);
    expect(open().fileTokens.verifyDownloadToken(token)).toEqual({
      key: 'a',
      disposition: 'attachment',
      type: 'audio/wav',
    });
  });

  it('says so when the secret is damaged', async () => {
    await writeFile(path.join(dataDir, 'storage-secret'), 'short');
    await expect(open().presignGet('a', { ...grant, expiresInSeconds: 60 })).rejects.toThrow(
      'storage-secret is damaged',
    );
  });

  it('holds no temporary file after an upload, whole or failed', async () => {
    const storage = open();
    await storage.put('a/b', body('x'), wav);
    const failing = (async function* () {
      yield Buffer.from('x');
      throw new Error('no');
    })();
    await expect(storage.put('c', failing, wav)).rejects.toThrow('no');
    expect(await readdir(path.join(dataDir, 'object-uploads'))).toEqual([]);
    expect(await readdir(path.join(dataDir, 'objects'))).toEqual(['a']);
    expect(await readdir(path.join(dataDir, 'object-types'))).toEqual(['a']);
  });

  it('sweeps what a killed process left, and leaves running uploads alone', async () => {
    const temp = path.join(dataDir, 'object-uploads');
    await mkdir(temp, { recursive: true });
    await writeFile(path.join(temp, 'old'), 'x');
    await writeFile(path.join(temp, 'new'), 'x');
    await utimes(path.join(temp, 'old'), 1000, 1000);
    await open().put('a', body('x'), wav);
    expect(await readdir(temp)).toEqual(['new']);
  });

  it('gives up uploads by prefix: what a killed process left, and one that still runs fails', async () => {
    const temp = path.join(dataDir, 'object-uploads');
    const storage = open();
    const uploading = (async function* () {
      yield Buffer.from('x');
      expect(await storage.abandonUploads('exports/p/other/')).toBe(0);
      expect(await storage.abandonUploads('exports/p/e/1.')).toBe(1);
      yield Buffer.from('y');
    })();
    await expect(storage.put('exports/p/e/1.wav', uploading, wav)).rejects.toThrow();
    expect(await readdir(temp)).toEqual([]);
    expect(await storage.head('exports/p/e/1.wav')).toBeNull();
  });

  it('takes empty folders away with the last object in them', async () => {
    const storage = open();
    await storage.put('a/b/c', body('x'), wav);
    await storage.put('a/d', body('x'), wav);
    await storage.delete('a/b/c');
    expect(await readdir(path.join(dataDir, 'objects/a'))).toEqual(['d']);
    await storage.delete('a/d');
    expect(await readdir(path.join(dataDir, 'objects'))).toEqual([]);
    expect(await readdir(path.join(dataDir, 'object-types'))).toEqual([]);
  });

  it('survives uploads and deletions in the same folder at once', async () => {
    const storage = open();
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        await storage.put(`same/${i}`, body('x'), wav);
        await storage.delete(`same/${i}`);
      }),
    );
    expect(await readdir(path.join(dataDir, 'objects'))).toEqual([]);
  });

  it('gives a folder for no object', async () => {
    const storage = open();
    await storage.put('a/b', body('x'), wav);
    expect(await storage.head('a')).toBeNull();
    expect(await storage.get('a')).toBeNull();
    expect(await storage.head('a/b/c')).toBeNull();
  });

  it('still serves an object whose type was lost', async () => {
    const storage = open();
    await storage.put('a', body('x'), wav);
    await rm(path.join(dataDir, 'object-types'), { recursive: true });
    expect(await storage.head('a')).toEqual({ bytes: 1, contentType: 'application/octet-stream' });
    expect(await readFile(path.join(dataDir, 'objects/a'), 'utf8')).toBe('x');
  });
});

describe('download tokens', () => {
  const secret = Buffer.alloc(32, 7);
  const given = { key: 'exports/a.wav', disposition: 'attachment', type: 'audio/wav' };
  const token = signDownloadToken(secret, given, 1000);

  it('expire at their second', () => {
    expect(verifyDownloadToken(secret, token, 999_999)).toEqual(given);
    expect(verifyDownloadToken(secret, token, 1_000_000)).toBeNull();
    const theirs = { ...given, viewer: 'ana' };
    expect(verifyDownloadToken(secret, signDownloadToken(secret, theirs, 1000), 0)).toEqual(theirs);
  });

  it('hold for their own secret only', () => {
    expect(verifyDownloadToken(Buffer.alloc(32, 8), token, 0)).toBeNull();
  });

  it('are refused with any character changed, added or removed', () => {
    const edit = fc.record({
      at: fc.nat(token.length),
      drop: fc.nat(2),
      insert: fc.string({ maxLength: 2 }),
    });
    fc.assert(
      fc.property(edit, ({ at, drop, insert }) => {
        const edited = token.slice(0, at) + insert + token.slice(at + drop);
        fc.pre(edited !== token);
        expect(verifyDownloadToken(secret, edited, 0)).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['', '.', 'a.b', 'a.b.c', 'x'.repeat(5000)])('are refused as %j', (text) => {
    expect(verifyDownloadToken(secret, text, 0)).toBeNull();
  });
});
