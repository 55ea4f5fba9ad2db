import type { CatalogEntry } from '@mixdown/contract';
import { PLUGIN_CATEGORIES } from '@mixdown/contract';

export type Category = CatalogEntry['category'];

export interface Section {
  /** null = by rank, without a heading. */
  readonly category: Category | null;
  readonly entries: readonly CatalogEntry[];
}

/** Results as they are listed: by rank while searching, else under the headings of their categories. */
export function sectionsOf(results: readonly CatalogEntry[], searching: boolean): Section[] {
  if (results.length === 0) return [];
  if (searching) return [{ category: null, entries: results }];
  return PLUGIN_CATEGORIES.flatMap((category) => {
    const entries = results.filter((entry) => entry.category === category);
    return entries.length ? [{ category, entries }] : [];
  });
}

/** The entries in the order in which ↑ and ↓ walk through them. */
export const flatten = (sections: readonly Section[]): CatalogEntry[] =>
  sections.flatMap((section) => section.entries);

/** The place that a key leads to in a list of `length`, round the corner at both ends; null = not such a key. */
export function walk(key: string, at: number, length: number): number | null {
  if (length === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % length;
    case 'ArrowUp':
      return (at - 1 + length) % length;
    case 'PageDown':
      return Math.min(length - 1, at + 5);
    case 'PageUp':
      return Math.max(0, at - 5);
    default:
      return null;
  }
}
