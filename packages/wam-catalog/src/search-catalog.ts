import type { Catalog, CatalogEntry } from '@mixdown/contract';
import { editDistance } from './edit-distance.ts';

export interface CatalogSearch {
  readonly search?: string | undefined;
  readonly category?: CatalogEntry['category'] | undefined;
}

/** How much a word of the query counts where it is found; half if only nearly. */
const WEIGHT = {
  nameStart: 100,
  nameWord: 80,
  keyword: 50,
  category: 35,
  vendor: 15,
  description: 10,
} as const;

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Slips that are forgiven: none in short words, where every slip is another word. */
const slips = (word: string) => (word.length >= 7 ? 2 : word.length >= 4 ? 1 : 0);

const near = (typed: string, word: string): boolean => {
  const limit = slips(typed);
  if (!limit) return false;
  // Somebody who types fast has often not finished the word.
  const start = word.slice(0, typed.length);
  return editDistance(typed, word, limit) <= limit || editDistance(typed, start, limit) <= limit;
};

/** 1 = the word itself, 0.8 = its beginning, 0.5 = nearly, 0 = no match. */
function closeness(typed: string, words: readonly string[]): number {
  if (words.includes(typed)) return 1;
  if (words.some((word) => word.startsWith(typed))) return 0.8;
  return words.some((word) => near(typed, word)) ? 0.5 : 0;
}

interface Indexed {
  readonly entry: CatalogEntry;
  readonly name: readonly string[];
  readonly keywords: readonly string[];
  readonly category: readonly string[];
  readonly vendor: readonly string[];
  readonly description: readonly string[];
}

const index = (entry: CatalogEntry): Indexed => ({
  entry,
  name: wordsOf(entry.name),
  // "ping-pong" is found as "ping", "pong" and "pingpong".
  keywords: entry.keywords.flatMap((keyword) => {
    const words = wordsOf(keyword);
    return words.length > 1 ? [...words, words.join('')] : words;
  }),
  category: wordsOf(entry.category),
  vendor: wordsOf(entry.vendor),
  description: wordsOf(entry.description),
});

function scoreWord(typed: string, it: Indexed): number {
  const startsName = it.name[0]?.startsWith(typed) ? WEIGHT.nameStart : 0;
  return Math.max(
    startsName,
    WEIGHT.nameWord * closeness(typed, it.name),
    WEIGHT.keyword * closeness(typed, it.keywords),
    WEIGHT.category * closeness(typed, it.category),
    WEIGHT.vendor * closeness(typed, it.vendor),
    WEIGHT.description * closeness(typed, it.description),
  );
}

/**
 * The entries that fit, best first; among equals the catalog's order. Every word of the query counts by the best place
 * where it is found (beginning of the name, word of the name, keyword, category, description), in any order, small
 * typing slips forgiven. An entry must have at least half of the words; those with all of them come first. An empty
 * query gives everything.
 */
export function searchCatalog(
  catalog: Catalog,
  { search = '', category }: CatalogSearch,
): CatalogEntry[] {
  const entries = catalog.entries.filter((entry) => !category || entry.category === category);
  const typed = wordsOf(search);
  if (!typed.length) return search.trim() ? [] : entries;
  const joined = typed.join('');
  return entries
    .map((entry, order) => {
      const it = index(entry);
      const scores = typed.map((word) => scoreWord(word, it));
      const found = scores.filter((score) => score > 0).length;
      const separate = { found, score: scores.reduce((sum, score) => sum + score, 0) };
      const together = typed.length > 1 ? scoreWord(joined, it) : 0;
      const best =
        together > 0 && found < typed.length ? { found: typed.length, score: together } : separate;
      return { entry, order, ...best };
    })
    .filter(({ found }) => found > 0 && found * 2 >= typed.length)
    .sort((a, b) => b.found - a.found || b.score - a.score || a.order - b.order)
    .map(({ entry }) => entry);
}
