import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSigningSecret } from './signing-secret.ts';

let dir = '';
beforeEach(async () => {
  dir = path.join(await mkdtemp(path.join(tmpdir(), 'mixdown-secret-')), 'data');
});
afterEach(() => rm(path.dirname(dir), { recursive: true }));

describe('the signing secret', () => {
  it('is made once, for its owner alone, also by processes that start together', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => loadSigningSecret(dir)));
    expect(new Set(secrets.map((s) => Buffer.from(s).toString('hex'))).size).toBe(1);
    expect((await stat(path.join(dir, 'auth-secret'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['auth-secret']);
    expect(await loadSigningSecret(dir)).toEqual(secrets[0]);
  });

  it('is not replaced when damaged', async () => {
    await loadSigningSecret(dir);
    await writeFile(path.join(dir, 'auth-secret'), 'short');
    await expect(loadSigningSecret(dir)).rejects.toThrow('auth-secret is damaged');
  });
});
