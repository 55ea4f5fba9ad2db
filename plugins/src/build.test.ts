import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_RATES } from '@mixdown/contract';
import { hashTree, treeHash } from '@mixdown/wam-catalog/tree-hash';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPlugins } from './build.ts';
import { COLLECTION } from './collection.ts';
import { DIST } from './testing.ts';

let scratch: string;
beforeAll(async () => {
  await buildPlugins(DIST);
  scratch = await mkdtemp(join(tmpdir(), 'mixdown-plugins-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('buildPlugins', () => {
  it('gives the same bytes on every run', async () => {
    await buildPlugins(join(scratch, 'again'), { force: true });
    const [first, again] = [await hashTree(DIST), await hashTree(join(scratch, 'again'))];
    // The product's own build leaves a stamp of its own beside ours.
    const ours = first.filter((file) => file.path !== '.fingerprint');
    expect(again).toEqual(ours);
  });

  it('leaves everything alone when nothing has changed', async () => {
    const out = join(scratch, 'unchanged');
    await cp(DIST, out, { recursive: true });
    const before = (await stat(join(out, 'catalog.json'))).mtimeMs;
    expect((await buildPlugins(out)).built).toBe(false);
    expect((await stat(join(out, 'catalog.json'))).mtimeMs).toBe(before);
  });

  it('builds again after a change, and takes away what is no more', async () => {
    const out = join(scratch, 'changed');
    await cp(DIST, out, { recursive: true });
    await writeFile(join(out, '.inputs'), 'something else');
    await mkdir(join(out, 'mixdown.gone/1.0.0'), { recursive: true });
    await mkdir(join(out, 'mixdown.eq/0.9.0'), { recursive: true });
    expect((await buildPlugins(out)).built).toBe(true);
    expect(await readdir(out)).not.toContain('mixdown.gone');
    expect(await readdir(join(out, 'mixdown.eq'))).toEqual(['1.0.0']);
  });

  it('writes a catalog that describes the files', async () => {
    const { catalog } = await buildPlugins(DIST);
    expect(catalog.entries.map((entry) => entry.id)).toEqual(COLLECTION.map(({ id }) => id));
    for (const entry of catalog.entries) {
      const files = await hashTree(join(DIST, entry.id, entry.version));
      expect(files.map((file) => file.path)).toEqual(['dsp.wasm', 'index.js', 'processor.js']);
      expect(entry.files).toEqual(files);
      expect(entry.integrity).toBe(treeHash(files));
      expect(Object.keys(entry.latencyFrames)).toEqual(SAMPLE_RATES.map(String));
      expect(entry.cpuShare, `${entry.id}: certify it anew`).toBeGreaterThan(0);
      expect(entry.entryUrl).toBe(`/plugins/${entry.id}/${entry.version}/index.js`);
    }
  });

  it('puts out code that a strict content security policy allows', async () => {
    const { catalog } = await buildPlugins(DIST);
    for (const entry of catalog.entries) {
      for (const file of ['index.js', 'processor.js']) {
        const code = await readFile(join(DIST, entry.id, entry.version, file), 'utf8');
        expect(code, `${entry.id}/${file}`).not.toMatch(/\beval\(|new Function|blob:|https?:\/\//);
        expect(code, `${entry.id}/${file}`).not.toMatch(/^import |\bimport\(/m);
      }
    }
  });
});
