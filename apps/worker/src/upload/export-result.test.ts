import type { CatalogEntry } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { pluginsUsed } from './export-result.ts';

describe('pluginsUsed', () => {
  const entry = (id: string) => ({ id, name: id.toUpperCase(), version: '1.0.0' }) as CatalogEntry;
  const slot = (id: string | null, bypassed = false) => ({
    pluginId: 'p',
    catalogId: id ?? 'gone',
    version: '1.0.0',
    entry: id === null ? null : entry(id),
    params: {},
    state: null,
    bypassed,
    mix: 1,
    latencyFrames: 0,
  });
  const track = (audible: boolean, slots: ReturnType<typeof slot>[]) => ({
    trackId: 't',
    clips: [],
    slots,
    gains: { left: 1, right: 1 },
    audible,
    delayFrames: 0,
  });

  it('counts what was heard, most used first', () => {
    const tracks = [
      track(true, [slot('eq'), slot('delay'), slot(null)]),
      track(true, [slot('delay'), slot('verb', true)]),
      track(false, [slot('eq'), slot('chorus')]),
    ];
    expect(pluginsUsed({ tracks })).toEqual([
      { catalogId: 'delay', name: 'DELAY', version: '1.0.0', count: 2 },
      { catalogId: 'eq', name: 'EQ', version: '1.0.0', count: 1 },
    ]);
  });
});
