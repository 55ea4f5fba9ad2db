import type { ParameterOverlay } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParams, fromNormalized, nudge, quantise, toNormalized } from './parameters.ts';

const overlay = (over: Partial<ParameterOverlay>): ParameterOverlay => ({
  id: 'freq',
  label: 'Frequency',
  unit: 'Hz',
  kind: 'continuous',
  scale: 'log',
  min: 20,
  max: 20_000,
  default: 1000,
  step: null,
  group: 'Main',
  ...over,
});

const anyOverlay = fc.oneof(
  fc
    .record({
      min: fc.double({ min: 0.01, max: 100, noNaN: true }),
      ratio: fc.double({ min: 1.5, max: 1e4, noNaN: true }),
    })
    .map(({ min, ratio }) => overlay({ min, max: min * ratio, default: min, scale: 'log' })),
  fc
    .record({
      min: fc.double({ min: -1000, max: 1000, noNaN: true }),
      span: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
      scale: fc.constantFrom('linear' as const, 'power' as const),
      step: fc.option(fc.constantFrom(0.01, 0.1, 1)),
    })
    .map(({ min, span, scale, step }) =>
      overlay({ unit: 'dB', min, max: min + span, default: min, scale, step }),
    ),
);

describe('the knob’s travel', () => {
  it('puts the geometric middle of a log range half way', () => {
    expect(toNormalized(overlay({}), Math.sqrt(20 * 20_000))).toBeCloseTo(0.5, 12);
  });
  it('hits both ends exactly', () => {
    fc.assert(
      fc.property(
        anyOverlay,
        (p) => fromNormalized(p, 0) === p.min && fromNormalized(p, 1) === p.max,
      ),
    );
  });
  it('is its own inverse', () => {
    fc.assert(
      fc.property(anyOverlay, fc.double({ min: 0, max: 1, noNaN: true }), (p, n) => {
        expect(toNormalized(p, fromNormalized(p, n))).toBeCloseTo(n, 6);
      }),
    );
  });
});

describe('quantise', () => {
  it('stays in range, is idempotent and is monotonic', () => {
    fc.assert(
      fc.property(anyOverlay, fc.double(), fc.double(), (p, a, b) => {
        const qa = quantise(p, a);
        expect(qa).toBeGreaterThanOrEqual(p.min);
        expect(qa).toBeLessThanOrEqual(p.max);
        expect(quantise(p, qa)).toBeCloseTo(qa, 9);
        if (a <= b) expect(qa).toBeLessThanOrEqual(quantise(p, b) + 1e-9);
      }),
    );
  });
  it('uses steps counted from the minimum, without binary noise', () => {
    const p = overlay({ unit: 'dB', scale: 'linear', min: -1, max: 1, step: 0.1 });
    expect(quantise(p, 0.3000001)).toBe(0.3);
    expect(quantise(p, -0.7)).toBe(-0.7);
  });
  it('has a thousand places on the travel without a step', () => {
    const places = new Set(
      Array.from({ length: 5000 }, (_, i) =>
        quantise(overlay({}), fromNormalized(overlay({}), i / 4999)),
      ),
    );
    expect(places.size).toBe(1001);
  });
  it('makes whole numbers of choices and turns NaN into the default', () => {
    expect(quantise(overlay({ kind: 'choice', scale: 'linear', min: 0, max: 3 }), 1.6)).toBe(2);
    expect(quantise(overlay({}), Number.NaN)).toBe(1000);
  });
});

describe('nudge', () => {
  it('always moves, until the end of the range', () => {
    fc.assert(
      fc.property(
        anyOverlay,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('step' as const, 'page' as const),
        (p, n, size) => {
          const value = quantise(p, fromNormalized(p, n));
          const up = nudge(p, value, 1, size);
          if (value < quantise(p, p.max) - 1e-9) expect(up).toBeGreaterThan(value);
          expect(up).toBeLessThanOrEqual(p.max);
        },
      ),
    );
  });
});

it('collects defaults by id', () => {
  expect(defaultParams({ parameters: [overlay({}), overlay({ id: 'q', default: 0.7 })] })).toEqual({
    freq: 1000,
    q: 0.7,
  });
});
