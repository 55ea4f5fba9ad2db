import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { CatalogEntry } from '@mixdown/contract';

export type HashedFile = CatalogEntry['files'][number];

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The catalog's `integrity`: SHA-256 (hex) over one line `path sha256` per file, sorted by path. */
export const treeHash = (files: readonly Pick<HashedFile, 'path' | 'sha256'>[]): string =>
  sha256(
    files
      .map((file) => `${file.path} ${file.sha256}\n`)
      .sort()
      .join(''),
  );

/** All files below `folder` with their hashes, sorted by path (with forward slashes). */
export async function hashTree(folder: string): Promise<HashedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(join(folder, path));
      return { path, sha256: sha256(bytes), bytes: bytes.length };
    }),
  );
}
