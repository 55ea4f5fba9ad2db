import type { CatalogEntry } from '@mixdown/contract';
import { MAX_CHAIN, PLUGIN_CATEGORIES } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveTarget, type TargetInput } from './resolve-target.ts';
import { flatten, sectionsOf, walk } from './sections.ts';

const state = (chains: Record<string, string[]>): TargetInput['state'] =>
  ({
    trackOrder: Object.keys(chains),
    tracks: Object.fromEntries(
      Object.keys(chains).map((id) => [id, { id, name: id.toUpperCase() }]),
    ),
    chains,
    plugins: Object.fromEntries(
      Object.values(chains)
        .flat()
        .map((id) => [id, { id, catalogId: `fx.${id}` }]),
    ),
  }) as unknown as TargetInput['state'];

const resolve = (over: Partial<TargetInput>) =>
  resolveTarget({
    state: state({ drums: ['eq', 'comp'], bass: [] }),
    target: null,
    selectedTrackId: null,
    selectedPluginId: null,
    nameOf: (catalogId) => catalogId.replace('fx.', ''),
    ...over,
  });

describe('where a plugin goes', () => {
  it('follows the selected slot', () =>
    expect(resolve({ selectedTrackId: 'drums', selectedPluginId: 'eq' })).toMatchObject({
      trackId: 'drums',
      position: 1,
      words: 'DRUMS, after eq',
    }));
  it('ignores a selected slot of another track', () =>
    expect(resolve({ selectedTrackId: 'bass', selectedPluginId: 'eq' })).toMatchObject({
      trackId: 'bass',
      position: 0,
      words: 'BASS, first in the chain',
    }));
  it('keeps to the place that was asked for', () => {
    expect(
      resolve({ target: { trackId: 'drums', position: 0 }, selectedPluginId: 'comp' }),
    ).toMatchObject({ position: 0, words: 'DRUMS, before eq' });
    expect(
      resolve({ target: { trackId: 'drums', position: null }, selectedPluginId: 'eq' }),
    ).toMatchObject({ position: 2, words: 'DRUMS, after comp' });
  });
  it('replaces in place, also in a full chain', () => {
    const full = Array.from({ length: MAX_CHAIN }, (_, at) => `p${at}`);
    expect(
      resolve({
        state: state({ drums: full }),
        target: { trackId: 'drums', position: 3, replaces: 'p3' },
      }),
    ).toMatchObject({ position: 3, replaces: 'p3', full: false, words: 'DRUMS, in place of p3' });
  });
  it('adds instead when the slot to replace is gone', () =>
    expect(resolve({ target: { trackId: 'drums', position: 1, replaces: 'gone' } })).toMatchObject({
      position: 1,
      replaces: null,
    }));
  it('says when a chain is full', () => {
    const full = Array.from({ length: MAX_CHAIN }, (_, at) => `p${at}`);
    expect(resolve({ state: state({ drums: full }) })?.full).toBe(true);
  });
  it('takes the first track where none is selected, and none where there is none', () => {
    expect(resolve({})?.trackId).toBe('drums');
    expect(resolve({ selectedTrackId: 'gone' })?.trackId).toBe('drums');
    expect(resolve({ state: state({}) })).toBeNull();
  });
});

const entryOf = (id: string, category: CatalogEntry['category']) =>
  ({ id, category }) as CatalogEntry;

describe('sections', () => {
  it('lists by category without a search, losing nothing', () => {
    const entries = fc.array(fc.constantFrom(...PLUGIN_CATEGORIES), { maxLength: 30 });
    fc.assert(
      fc.property(entries, (categories) => {
        const results = categories.map((category, at) => entryOf(`p${at}`, category));
        const listed = flatten(sectionsOf(results, false)).map((entry) => entry.id);
        expect(listed.sort()).toEqual(results.map((entry) => entry.id).sort());
      }),
    );
  });
  it('keeps the rank while searching', () => {
    const results = [entryOf('b', 'reverb'), entryOf('a', 'delay')];
    expect(sectionsOf(results, true)).toEqual([{ category: null, entries: results }]);
    expect(sectionsOf([], true)).toEqual([]);
  });
});

describe('walk', () => {
  it.each([
    ['ArrowDown', 0, 3, 1],
    ['ArrowDown', 2, 3, 0],
    ['ArrowUp', 0, 3, 2],
    ['PageDown', 0, 3, 2],
    ['PageUp', 2, 3, 0],
    ['ArrowDown', 0, 0, null],
    ['x', 0, 3, null],
  ] as const)('%s from %i of %i → %s', (key, at, length, expected) =>
    expect(walk(key, at, length)).toBe(expected),
  );
});
