import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchLevels } from './match-levels.ts';

describe('equal loudness', () => {
  it('turns all down to the quietest, and leaves alone what has no loudness', () => {
    expect(matchLevels([-14, -16.3, null])).toEqual([-2.3000000000000007, 0, null]);
    expect(matchLevels([-14])).toEqual([0]);
    expect(matchLevels([null, null])).toEqual([null, null]);
    expect(matchLevels([])).toEqual([]);
  });

  it('never turns up, and all that is known plays equally loud', () => {
    const lufs = fc.array(fc.option(fc.double({ min: -70, max: 0, noNaN: true })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lufs, (values) => {
        const played = matchLevels(values).map((db, i) => {
          const own = values[i] ?? null;
          expect(db === null).toBe(own === null);
          expect(db ?? 0).toBeLessThanOrEqual(0);
          return db === null || own === null ? null : own + db;
        });
        const known = played.filter((value) => value !== null);
        for (const value of known) expect(value).toBeCloseTo(known[0] ?? 0, 9);
      }),
    );
  });
});
