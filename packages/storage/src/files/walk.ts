import type { Dirent, Stats } from 'node:fs';
import { readdir, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Files below `root` whose relative path (with `/`) begins with `prefix`, in byte order of those paths. */
export async function* walk(
  root: string,
  prefix: string,
): AsyncGenerator<{ key: string; info: Stats }> {
  const slash = prefix.lastIndexOf('/') + 1;
  yield* walkFolder(root, prefix.slice(0, slash), prefix);
}

async function* walkFolder(
  root: string,
  folder: string,
  prefix: string,
): AsyncGenerator<{ key: string; info: Stats }> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(none);
  // A folder sorts as the keys inside it do: by its name with the slash.
  const named = entries.map((e) => ({ key: folder + e.name + (e.isDirectory() ? '/' : ''), e }));
  named.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { key, e } of named) {
    if (e.isDirectory()) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walkFolder(root, key, prefix);
    } else if (key.startsWith(prefix)) {
      const info = await stat(path.join(root, key)).catch(() => null);
      if (info) yield { key, info };
    }
  }
}

function none(error: NodeJS.ErrnoException): Dirent[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}

/** Takes away the folders that a deletion left empty, from `folder` up to, and without, `root`. */
export async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let dir = folder; dir.length > root.length; dir = path.dirname(dir)) {
    try {
      await rmdir(dir);
    } catch {
      return;
    }
  }
}
