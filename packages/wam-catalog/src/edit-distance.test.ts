import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from './edit-distance.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['delay', 'delay', 0],
    ['dleay', 'delay', 1],
    ['dely', 'delay', 1],
    ['delaay', 'delay', 1],
    ['relay', 'delay', 1],
    ['gate', 'delay', 5],
  ])('from %s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b, 9)).toBe(distance);
  });

  it('is symmetrical, and stops at the limit', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 8 }), (a, b, limit) => {
        const full = editDistance(a, b, 20);
        expect(editDistance(b, a, 20)).toBe(full);
        expect(editDistance(a, b, limit)).toBe(Math.min(full, limit + 1));
      }),
    );
  });
});
