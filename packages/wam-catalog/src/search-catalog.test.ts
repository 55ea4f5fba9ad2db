import type { Catalog, CatalogEntry } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { defaultMixOf, findEntry } from './find-entry.ts';
import { searchCatalog } from './search-catalog.ts';

const entry = (over: Partial<CatalogEntry>): CatalogEntry => ({
  id: 'test.plugin',
  name: 'Plugin',
  vendor: 'Somebody',
  version: '1.0.0',
  category: 'utility',
  description: '',
  keywords: [],
  license: 'MIT',
  integrity: '0'.repeat(64),
  entryUrl: '/plugins/test.plugin/1.0.0/index.js',
  files: [],
  renderPath: 'direct',
  latencyFrames: {},
  maxTailSeconds: 0,
  parameters: [],
  ...over,
});

const catalog: Catalog = {
  entries: [
    entry({
      id: 'a.eq',
      name: 'Equaliser',
      category: 'eq',
      description: 'Four bands for a track.',
      keywords: ['eq', 'equalizer', 'low cut', 'warm'],
    }),
    entry({
      id: 'a.compressor',
      name: 'Compressor',
      category: 'dynamics',
      description: 'Evens out levels.',
      keywords: ['glue', 'sidechain', 'vocal'],
    }),
    entry({
      id: 'a.saturator',
      name: 'Saturator',
      category: 'distortion',
      description: 'Adds harmonics.',
      keywords: ['warm', 'drive', 'tape'],
    }),
    entry({
      id: 'a.delay',
      name: 'Delay',
      category: 'delay',
      description: 'Stereo echo.',
      keywords: ['echo', 'ping-pong', 'warm'],
      defaultMix: 0.3,
    }),
    entry({
      id: 'a.reverb',
      name: 'Reverb',
      category: 'reverb',
      description: 'Rooms with a delay before them.',
      keywords: ['hall', 'échappé'],
    }),
    entry({
      id: 'a.stereo',
      name: 'Stereo Tool',
      category: 'utility',
      description: 'Width and more.',
    }),
  ],
};
const found = (search: string, category?: CatalogEntry['category']) =>
  searchCatalog(catalog, { search, category }).map(({ id }) => id);

describe('searching the catalog', () => {
  it('gives everything for an empty query, in the catalog’s order', () => {
    expect(found('')).toEqual(catalog.entries.map(({ id }) => id));
    expect(found('  ')).toHaveLength(6);
  });

  it('puts the beginning of a name before keywords, and these before descriptions', () => {
    expect(found('delay')).toEqual(['a.delay', 'a.reverb']);
    expect(found('e')[0]).toBe('a.eq');
    expect(found('echo')[0]).toBe('a.delay');
    expect(found('stereo')).toEqual(['a.stereo', 'a.delay']);
    expect(found('tool')).toEqual(['a.stereo']);
  });

  it('finds a warm delay, in either order, before what is only one of the two', () => {
    expect(found('warm delay')[0]).toBe('a.delay');
    expect(found('delay warm')[0]).toBe('a.delay');
    expect(found('warm delay')).toContain('a.saturator');
    expect(found('warm delay').indexOf('a.reverb')).toBeGreaterThan(0);
  });

  it('forgives slips of the finger', () => {
    expect(found('compresor')).toEqual(['a.compressor']);
    expect(found('revreb')).toEqual(['a.reverb']);
    expect(found('staurator')).toEqual(['a.saturator']);
    expect(found('equalzr')[0]).toBe('a.eq');
    expect(found('dleay')[0]).toBe('a.delay');
  });

  it('does not take short words for others', () => {
    expect(found('ep')).toEqual([]);
    expect(found('xyz')).toEqual([]);
    expect(found('???')).toEqual([]);
  });

  it('does not mind accents, case, hyphens and missing spaces', () => {
    expect(found('ECHAPPE')).toEqual(['a.reverb']);
    expect(found('pingpong')).toEqual(['a.delay']);
    expect(found('ping pong')).toEqual(['a.delay']);
    expect(found('side chain')[0]).toBe('a.compressor');
    expect(found('lowcut')).toEqual(['a.eq']);
  });

  it('stays within a category', () => {
    expect(found('', 'delay')).toEqual(['a.delay']);
    expect(found('warm', 'distortion')).toEqual(['a.saturator']);
    expect(found('reverb', 'delay')).toEqual([]);
  });
});

describe('finding an entry', () => {
  const versions: Catalog = {
    entries: ['1.2.0', '1.10.0', '1.9.9'].map((version) => entry({ version })),
  };
  it('gives the version that is asked for, or the newest', () => {
    expect(findEntry(versions, 'test.plugin', '1.9.9')?.version).toBe('1.9.9');
    expect(findEntry(versions, 'test.plugin')?.version).toBe('1.10.0');
    expect(findEntry(versions, 'test.plugin', '3.0.0')).toBeUndefined();
    expect(findEntry(versions, 'test.other')).toBeUndefined();
  });
  it('knows the mix to start with', () => {
    expect(defaultMixOf(findEntry(catalog, 'a.delay'))).toBe(0.3);
    expect(defaultMixOf(findEntry(catalog, 'a.eq'))).toBe(1);
    expect(defaultMixOf(undefined)).toBe(1);
  });
});
