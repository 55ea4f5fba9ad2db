import type { Catalog, CatalogEntry } from '@mixdown/contract';

/** Compares dotted numeric versions; the larger is the newer. */
function compareVersions(a: string, b: string): number {
  const [as, bs] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(as.length, bs.length); i++) {
    const difference = (as[i] ?? 0) - (bs[i] ?? 0);
    if (difference) return difference;
  }
  return 0;
}

/** The entry of a plugin: the very version that is asked for, or the newest if none is. */
export function findEntry(
  catalog: Catalog,
  catalogId: string,
  version?: string,
): CatalogEntry | undefined {
  const versions = catalog.entries.filter((entry) => entry.id === catalogId);
  if (version !== undefined) return versions.find((entry) => entry.version === version);
  return versions.sort((a, b) => compareVersions(b.version, a.version))[0];
}

/** Wet share, 0…1, that a new slot of this plugin starts with. */
export const defaultMixOf = (entry: Pick<CatalogEntry, 'defaultMix'> | undefined): number =>
  entry?.defaultMix ?? 1;
