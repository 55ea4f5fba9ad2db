import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arcPath, isBipolar, knobAngle } from './knob-arc.ts';
import { isAtRest, isOver, meterFraction, SILENT, stepMeter } from './meter-ballistics.ts';

describe('a knob’s arc', () => {
  it('runs from half past seven to half past four', () => {
    expect(knobAngle(0)).toBe(-135);
    expect(knobAngle(0.5)).toBe(0);
    expect(knobAngle(1)).toBe(135);
  });
  it('goes the long way round only beyond half a turn', () => {
    expect(arcPath(24, 20, 0, 0.6)).toContain('A20 20 0 0 1');
    expect(arcPath(24, 20, 0, 0.7)).toContain('A20 20 0 1 1');
  });
  it('looks the same from either end, and is nothing where they meet', () => {
    expect(arcPath(24, 20, 0.5, 0.2)).toBe(arcPath(24, 20, 0.2, 0.5));
    expect(arcPath(24, 20, 0.4, 0.4)).toBe('');
  });
  it('starts at zero for linear ranges across it', () => {
    expect(isBipolar({ min: -24, max: 24, scale: 'linear' })).toBe(true);
    expect(isBipolar({ min: 0, max: 24, scale: 'linear' })).toBe(false);
    expect(isBipolar({ min: 20, max: 20_000, scale: 'log' })).toBe(false);
  });
});

describe('meter', () => {
  it('rises at once and falls at leisure', () => {
    const loud = stepMeter(SILENT, 0.5, 0);
    expect(loud.levelDb).toBeCloseTo(-6.02, 2);
    const later = stepMeter(loud, 0, 500);
    expect(later.levelDb).toBeCloseTo(-6.02 - 13, 1);
    expect(later.holdDb).toBe(loud.holdDb);
  });
  it('keeps an over lit for three seconds', () => {
    const over = stepMeter(SILENT, 1, 1000);
    expect(isOver(over)).toBe(true);
    expect(isOver(stepMeter(over, 0.9, 3900))).toBe(true);
    expect(isOver(stepMeter(over, 0.9, 4000))).toBe(false);
    expect(isOver(SILENT)).toBe(false);
  });
  it('comes to rest after the last sound', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 4, noNaN: true }), (peak) => {
        let state = stepMeter(SILENT, peak, 0);
        for (let now = 16; now < 9000; now += 16) state = stepMeter(state, 0, now);
        expect(isAtRest(state)).toBe(true);
      }),
    );
  });
  it('has room above full scale and stays on its scale', () => {
    expect(meterFraction(0)).toBeLessThan(1);
    expect(meterFraction(40)).toBe(1);
    expect(meterFraction(Number.NEGATIVE_INFINITY)).toBe(0);
  });
});
