import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cos, exp, fmod, log, log10, pow, sin, tan } from './portable-math.ts';

const near = (got: number, wanted: number, relative = 4e-15): void => {
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * relative + 1e-300);
};
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('portable mathematics', () => {
  it('agrees with the engine’s own to the last digits', () => {
    fc.assert(fc.property(number(-700, 700), (x) => near(exp(x), Math.exp(x), 1e-14)));
    fc.assert(fc.property(number(1e-300, 1e300), (x) => near(log(x), Math.log(x))));
    fc.assert(fc.property(number(1e-10, 1e10), (x) => near(log10(x), Math.log10(x), 1e-14)));
    // Near a zero only the absolute error counts.
    fc.assert(
      fc.property(number(-1000, 1000), (x) => {
        expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(1e-12);
        expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(1e-12);
      }),
    );
    fc.assert(fc.property(number(0, 1.55), (x) => near(tan(x), Math.tan(x), 1e-13)));
    fc.assert(
      fc.property(number(1e-6, 1e6), number(-8, 8), (x, y) => near(pow(x, y), x ** y, 1e-13)),
    );
    fc.assert(
      fc.property(number(-1e6, 1e6), number(0.1, 100), (x, y) => Object.is(fmod(x, y), x % y)),
    );
  });

  it('raises negative bases to whole powers', () => {
    expect(pow(-3, 2)).toBe(9);
    expect(pow(-2, 3)).toBe(-8);
    expect(pow(2, -2)).toBe(0.25);
    expect(pow(0, 0)).toBe(1);
  });

  it('does what audio code expects at the edges', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-1e9)).toBe(0);
    expect(exp(1e9)).toBe(Number.MAX_VALUE);
    expect(exp(Number.NaN)).toBeNaN();
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-1)).toBeNaN();
    near(log(5e-324), Math.log(5e-324));
    expect(sin(0)).toBe(0);
    expect(tan(0)).toBe(0);
  });
});
