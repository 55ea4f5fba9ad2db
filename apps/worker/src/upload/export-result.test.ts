import type { CatalogEntry } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportFileName, pluginsUsed } from './export-result.ts';

describe('exportFileName', () => {
  it.each([
    ['Night Drive', 'Night Drive.wav'],
    ['AC/DC: "live"?', 'AC_DC_ _live__.wav'],
    ['..', 'Mix.wav'],
    ['Été 🎹', 'Été 🎹.wav'],
  ])('%j', (name, file) => {
    expect(exportFileName(name, 'wav')).toBe(file);
  });

  it('is a file name everywhere, whatever the project is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (name) => {
        const file = exportFileName(name, 'mp3');
        expect(file).toMatch(/^[^\p{Cc}<>:"/\\|?*]+\.mp3$/u);
        expect(file).not.toMatch(/^[.\s]/);
        expect(Array.from(file).length).toBeLessThanOrEqual(104);
      }),
    );
  });
});

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
