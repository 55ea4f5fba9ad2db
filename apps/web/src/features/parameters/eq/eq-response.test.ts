import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EQ_BANDS, stagesOf } from './eq-bands.ts';
import { type EqStage, responseDb } from './eq-response.ts';

const RATE = 48_000;
const BUTTERWORTH = Math.SQRT1_2;
const at = (stages: EqStage[], freq: number) => responseDb(stages, freq, RATE);

describe('response', () => {
  it('is flat without stages and at 0 dB', () => {
    expect(at([], 1000)).toBe(0);
    const flat: EqStage = { type: 'peak', freq: 1000, q: 2, gainDb: 0 };
    expect(at([flat], 1234)).toBeCloseTo(0, 10);
  });
  it('reaches a peak’s gain at its frequency, half of it at a shelf’s corner', () => {
    expect(at([{ type: 'peak', freq: 3000, q: 4, gainDb: 9 }], 3000)).toBeCloseTo(9, 6);
    const shelf: EqStage = { type: 'lowShelf', freq: 200, q: BUTTERWORTH, gainDb: 12 };
    expect(at([shelf], 200)).toBeCloseTo(6, 6);
    expect(at([shelf], 1)).toBeCloseTo(12, 2);
    expect(at([shelf], 20_000)).toBeCloseTo(0, 2);
  });
  it('is −3 dB at the corner of a Butterworth cut and falls by 12 dB per octave', () => {
    const cut: EqStage = { type: 'lowCut', freq: 400, q: BUTTERWORTH, gainDb: 0 };
    expect(at([cut], 400)).toBeCloseTo(-3.01, 2);
    expect(at([cut], 25) - at([cut], 50)).toBeCloseTo(-12, 0);
  });
  it('adds stages up, and a boost undoes the same cut', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 20_000, noNaN: true }),
        fc.double({ min: 20, max: 20_000, noNaN: true }),
        fc.double({ min: -24, max: 24, noNaN: true }),
        fc.constantFrom('peak' as const, 'lowShelf' as const, 'highShelf' as const),
        (freq, probe, gainDb, type) => {
          const up: EqStage = { type, freq, q: 1.3, gainDb };
          expect(at([up, { ...up, gainDb: -gainDb }], probe)).toBeCloseTo(0, 6);
        },
      ),
    );
  });
});

describe('bands', () => {
  const base: Record<string, number> = {
    lowOn: 1,
    lowType: 2,
    lowFreq: 100,
    lowGain: 0,
    lowQ: BUTTERWORTH,
  };
  const read =
    (over: Record<string, number> = {}) =>
    (id: string) =>
      ({ ...base, ...over })[id] ?? 0;
  it('makes a steep cut of two sections that are −3 dB together', () => {
    const stages = stagesOf('low', read());
    expect(stages).toHaveLength(2);
    expect(at(stages, 100)).toBeCloseTo(-3.01, 2);
  });
  it('has nothing to say while a band is off', () => {
    for (const band of EQ_BANDS) expect(stagesOf(band, () => 0)).toEqual([]);
  });
  it('follows the shape', () => {
    expect(stagesOf('low', read({ lowType: 0 }))[0]?.type).toBe('lowShelf');
    expect(stagesOf('low', read({ lowType: 1 }))).toHaveLength(1);
    expect(stagesOf('p1', () => 1)[0]?.type).toBe('peak');
  });
});
