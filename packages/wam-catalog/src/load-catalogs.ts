import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Catalog, type CatalogEntry } from '@mixdown/contract';
import { sha256 } from './tree-hash.ts';

export type FileCheck =
  | { readonly ok: true; readonly absolutePath: string; readonly sha256: string }
  | { readonly ok: false; readonly failure: 'not_found' | 'integrity' };

export interface CatalogProblem {
  readonly catalogId: string;
  readonly version: string;
  readonly path: string;
  readonly failure: 'not_found' | 'integrity';
}

export interface LoadedCatalogs {
  readonly catalog: Catalog;
  /** A file of a plugin if it is the one that the catalog describes; otherwise why not. */
  checkFile(catalogId: string, version: string, path: string): FileCheck;
  /** The same, for those who only need to know whether it may be served. */
  resolveFile(
    catalogId: string,
    version: string,
    path: string,
  ): { absolutePath: string; sha256: string } | null;
  /** Files that were missing or altered when the catalogs were loaded. */
  readonly problems: readonly CatalogProblem[];
}

const keyOf = (catalogId: string, version: string) => `${catalogId}@${version}`;

async function readCatalog(dir: string): Promise<Catalog> {
  const file = join(dir, 'catalog.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`There is no plugin catalog at ${file}: ${error.code}`);
  });
  const parsed = Catalog.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${file} is not a plugin catalog: ${parsed.error.message}`);
  return parsed.data;
}

/**
 * Loads the collections in `dirs` (each with a catalog.json). Where two have the same plugin in the same version, the
 * first one counts. Throws if a catalog is missing or malformed; a plugin with missing or altered files is listed all
 * the same, but its files are not given out: a slot that uses it says why.
 */
export async function loadCatalogs(dirs: readonly string[]): Promise<LoadedCatalogs> {
  const entries = new Map<string, { entry: CatalogEntry; folder: string }>();
  for (const dir of dirs) {
    for (const entry of (await readCatalog(dir)).entries) {
      const key = keyOf(entry.id, entry.version);
      if (entries.has(key)) continue;
      entries.set(key, { entry, folder: resolve(dir, entry.id, entry.version) });
    }
  }

  // By path: the hash of the content that had this time and size, so that a changed file is read again.
  const hashes = new Map<string, { stamp: string; sha256: string }>();
  function hashOf(path: string): string | null {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) return null;
    const stamp = `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size}`;
    const known = hashes.get(path);
    if (known?.stamp === stamp) return known.sha256;
    const hash = sha256(readFileSync(path));
    hashes.set(path, { stamp, sha256: hash });
    return hash;
  }

  function checkFile(catalogId: string, version: string, path: string): FileCheck {
    const plugin = entries.get(keyOf(catalogId, version));
    // Only paths that the catalog lists, and no way out of the folder even for a catalog that lists one.
    const file = plugin?.entry.files.find((candidate) => candidate.path === path);
    if (!plugin || !file) return { ok: false, failure: 'not_found' };
    const absolutePath = join(plugin.folder, file.path);
    if (!absolutePath.startsWith(plugin.folder + sep)) return { ok: false, failure: 'not_found' };
    const hash = hashOf(absolutePath);
    if (hash === null) return { ok: false, failure: 'not_found' };
    if (hash !== file.sha256) return { ok: false, failure: 'integrity' };
    return { ok: true, absolutePath, sha256: hash };
  }

  const problems: CatalogProblem[] = [];
  for (const { entry } of entries.values()) {
    for (const { path } of entry.files) {
      const check = checkFile(entry.id, entry.version, path);
      if (check.ok) continue;
      problems.push({ catalogId: entry.id, version: entry.version, path, failure: check.failure });
    }
  }

  return {
    catalog: { entries: [...entries.values()].map(({ entry }) => entry) },
    checkFile,
    resolveFile(catalogId, version, path) {
      const check = checkFile(catalogId, version, path);
      return check.ok ? { absolutePath: check.absolutePath, sha256: check.sha256 } : null;
    },
    problems,
  };
}
