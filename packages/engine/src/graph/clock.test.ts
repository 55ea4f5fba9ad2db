import { describe, expect, it } from 'vitest';
import { BurstMeter } from './clock.ts';

describe('BurstMeter', () => {
  it('knows what a held-up thread owes, which it may render at any moment', () => {
    const meter = new BurstMeter();
    expect(meter.lag(1, 101)).toBe(0);
    expect(meter.lag(2, 102)).toBe(0);
    expect(meter.lag(2.1, 102.3)).toBeCloseTo(0.2, 2);
    expect(meter.lag(2.5, 102.5)).toBe(0);
  });

  it('follows two clocks that drift apart', () => {
    const meter = new BurstMeter();
    let lag = 0;
    // The audio clock loses 200 parts per million.
    for (let wall = 0; wall < 3600; wall++) lag = meter.lag(wall * 0.9998, wall);
    expect(lag).toBeLessThan(0.001);
  });
});
