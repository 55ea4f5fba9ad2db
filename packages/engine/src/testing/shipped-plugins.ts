import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Catalog } from '@mixdown/contract';
import type { TestPlugins } from './plugins.ts';

/** Folder of the built first-party collection. */
export const SHIPPED_DIR = fileURLToPath(new URL('../../../../plugins/dist', import.meta.url));

/** A built collection as it stands in `dir`. */
export function readPlugins(dir: string): TestPlugins {
  const catalog = Catalog.parse(JSON.parse(readFileSync(join(dir, 'catalog.json'), 'utf8')));
  return {
    catalog,
    resolvePluginFile: (catalogId, version, path) => {
      const entry = catalog.entries.find((e) => e.id === catalogId && e.version === version);
      const file = entry?.files.find((f) => f.path === path);
      return file
        ? { absolutePath: join(dir, catalogId, version, path), sha256: file.sha256 }
        : null;
    },
  };
}

/** Several collections as one; the first that has a plugin wins. */
export const joinPlugins = (...all: readonly TestPlugins[]): TestPlugins => ({
  catalog: { entries: all.flatMap((plugins) => plugins.catalog.entries) },
  resolvePluginFile: (...args) => {
    for (const plugins of all) {
      const file = plugins.resolvePluginFile(...args);
      if (file) return file;
    }
    return null;
  },
});
