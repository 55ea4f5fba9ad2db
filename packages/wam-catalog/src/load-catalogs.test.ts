import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogEntry } from '@mixdown/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalogs } from './load-catalogs.ts';
import { hashTree, treeHash } from './tree-hash.ts';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'mixdown-catalogs-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

/** A collection of one plugin with two files; `change` may spoil its entry. */
async function collection(
  name: string,
  id: string,
  change: (entry: CatalogEntry) => CatalogEntry = (entry) => entry,
): Promise<string> {
  const dir = join(scratch, name);
  const folder = join(dir, id, '1.0.0');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.js'), `export default '${name}';`);
  await writeFile(join(folder, 'processor.js'), 'registerProcessor();');
  const files = await hashTree(folder);
  const entry: CatalogEntry = {
    id,
    name: `${name} ${id}`,
    vendor: 'Somebody',
    version: '1.0.0',
    category: 'utility',
    description: '',
    keywords: [],
    license: 'MIT',
    integrity: treeHash(files),
    entryUrl: `/plugins/${id}/1.0.0/index.js`,
    files,
    renderPath: 'direct',
    latencyFrames: {},
    maxTailSeconds: 0,
    parameters: [],
  };
  await writeFile(join(dir, 'catalog.json'), JSON.stringify({ entries: [change(entry)] }));
  return dir;
}

describe('loadCatalogs', () => {
  it('joins collections; of the same plugin the first counts', async () => {
    const [a, b, c] = [
      await collection('first', 'a.one'),
      await collection('second', 'a.one'),
      await collection('third', 'a.two'),
    ];
    const { catalog, resolveFile, problems } = await loadCatalogs([a, b, c]);
    expect(catalog.entries.map(({ name }) => name)).toEqual(['first a.one', 'third a.two']);
    expect(problems).toEqual([]);
    expect(resolveFile('a.one', '1.0.0', 'index.js')?.absolutePath).toBe(
      join(a, 'a.one/1.0.0/index.js'),
    );
  });

  it('gives out no altered file, even if it is altered while running', async () => {
    const dir = await collection('one', 'a.one');
    const loaded = await loadCatalogs([dir]);
    const file = join(dir, 'a.one/1.0.0/index.js');
    expect(loaded.checkFile('a.one', '1.0.0', 'index.js')).toMatchObject({ ok: true });
    await writeFile(file, 'export default "something longer than before";');
    expect(loaded.checkFile('a.one', '1.0.0', 'index.js')).toEqual({
      ok: false,
      failure: 'integrity',
    });
    expect(loaded.resolveFile('a.one', '1.0.0', 'index.js')).toBeNull();
    await rm(file);
    expect(loaded.checkFile('a.one', '1.0.0', 'index.js')).toEqual({
      ok: false,
      failure: 'not_found',
    });
    expect(loaded.checkFile('a.one', '1.0.0', 'processor.js').ok).toBe(true);
    expect((await loadCatalogs([dir])).problems).toEqual([
      { catalogId: 'a.one', version: '1.0.0', path: 'index.js', failure: 'not_found' },
    ]);
  });

  it('gives out only what the catalog lists, and nothing outside of the plugin', async () => {
    const dir = await collection('one', 'a.one', (entry) => ({
      ...entry,
      files: [...entry.files, { path: '../../catalog.json', sha256: '0'.repeat(64), bytes: 1 }],
    }));
    const { checkFile } = await loadCatalogs([dir]);
    for (const path of ['../../catalog.json', 'catalog.json', '/etc/hostname', '', '.']) {
      expect(checkFile('a.one', '1.0.0', path)).toEqual({ ok: false, failure: 'not_found' });
    }
    expect(checkFile('a.two', '1.0.0', 'index.js').ok).toBe(false);
    expect(checkFile('a.one', '2.0.0', 'index.js').ok).toBe(false);
  });

  it('names the folder that has no catalog, or a broken one', async () => {
    await expect(loadCatalogs([join(scratch, 'nowhere')])).rejects.toThrow(/nowhere.*ENOENT/);
    const broken = await collection('broken', 'a.one', (entry) => ({
      ...entry,
      integrity: 'short',
    }));
    await expect(loadCatalogs([broken])).rejects.toThrow(/broken.*is not a plugin catalog/);
  });
});

describe('treeHash', () => {
  it('depends on paths and contents, not on the order', () => {
    const files = [
      { path: 'b', sha256: '1' },
      { path: 'a', sha256: '2' },
    ];
    expect(treeHash(files)).toBe(treeHash([...files].reverse()));
    expect(treeHash(files)).not.toBe(
      treeHash([
        { path: 'a', sha256: '1' },
        { path: 'b', sha256: '2' },
      ]),
    );
  });
});
