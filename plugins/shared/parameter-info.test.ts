import { fromNormalized, toNormalized } from '@mixdown/core';
import { describe, expect, it } from 'vitest';
import { COLLECTION } from '../src/collection.ts';
import { createParameterInfo } from './parameter-info.ts';

describe('parameter info', () => {
  it('travels as the product’s own knobs do', () => {
    for (const p of COLLECTION.flatMap(({ parameters }) => parameters)) {
      const info = createParameterInfo(p);
      for (const n of [0, 0.1, 0.25, 0.5, 0.9, 1]) {
        const value = fromNormalized(p, n);
        expect(info.denormalize(n), p.id).toBeCloseTo(value, 9);
        expect(info.normalize(value), p.id).toBeCloseTo(toNormalized(p, value), 9);
      }
    }
  });

  it('says values in words', () => {
    const say = (id: string, value: number) => {
      const p = COLLECTION.flatMap(({ parameters }) => parameters).find((q) => q.id === id);
      if (!p) throw new Error(id);
      return createParameterInfo(p).valueString(value);
    };
    expect(say('lowType', 1)).toBe('Cut 12 dB');
    expect(say('lowOn', 1)).toBe('On');
    expect(say('lowFreq', 123.456)).toBe('123.5 Hz');
  });
});
