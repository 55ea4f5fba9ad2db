import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter } from './limiter.ts';
import { createLoudnessMeter } from './loudness-meter.ts';
import { createRandom } from './random.ts';
import { blockSizes, concat, cutInto, sine } from './testing.ts';

const limited = (channels: Float32Array[], ceilingDbtp: number, sampleRate = 48_000) => {
  const limiter = createLimiter({ sampleRate, channels: channels.length, ceilingDbtp });
  const parts = [limiter.push(channels), limiter.flush()];
  return channels.map((_, c) => concat(parts.map((part) => part[c]!)));
};
const truePeakOf = (channels: Float32Array[], sampleRate = 48_000) => {
  const meter = createLoudnessMeter({ sampleRate, channels: channels.length });
  meter.push(channels);
  return meter.result().truePeakDbtp!;
};
/** Bursts of noise far over full scale between quiet stretches, different in each channel. */
const bursts = (frames: number, seed: number): Float32Array[] => {
  const random = createRandom(seed);
  return [0, 1].map(() => {
    let level = 0.1;
    return Float32Array.from({ length: frames }, () => {
      if (random.next() < 0.001) level = random.next() < 0.5 ? 0.1 : 4 * random.next();
      return level * (2 * random.next() - 1);
    });
  });
};

describe('createLimiter', () => {
  it('leaves alone what stays under the ceiling, bit for bit and in time', () => {
    const quiet = [sine(48_000, 997, -6, 0.5), sine(48_000, 440, -3, 0.5)];
    expect(limited(quiet, -1)).toEqual(quiet);
  });

  it.each([44_100, 48_000, 96_000])('holds true peaks under the ceiling at %i Hz', (rate) => {
    for (const seed of [1, 2, 3]) {
      const loud = bursts(rate, seed);
      expect(truePeakOf(loud, rate)).toBeGreaterThan(6);
      expect(truePeakOf(limited(loud, -1, rate), rate)).toBeLessThanOrEqual(-1);
    }
    // Samples at ±0.7, the curve through them at ±1.
    const between = [sine(rate, rate / 4, 0, 0.2, Math.PI / 4)];
    expect(truePeakOf(limited(between, -1, rate), rate)).toBeLessThanOrEqual(-1);
    expect(truePeakOf(limited(between, -1, rate), rate)).toBeGreaterThan(-1.3);
  });

  it('turns both channels down alike, ahead of the peak, and comes back', () => {
    const left = new Float32Array(48_000).fill(0.5);
    const right = left.slice();
    right[10_000] = 2;
    const [l, r] = limited([left, right], 0) as [Float32Array, Float32Array];
    expect(Math.abs(r[10_000]!)).toBeLessThanOrEqual(1);
    expect(l[10_000]! / 0.5).toBeCloseTo(r[10_000]! / 2, 6);
    expect(l[10_000 - 300]).toBe(0.5);
    expect(l[10_000 + 35_000]).toBeCloseTo(0.5, 3);
    // Never a jump: 6 dB in 5 ms, in steps.
    for (let i = 1; i < l.length; i++) expect(Math.abs(l[i]! - l[i - 1]!)).toBeLessThan(0.006);
  });

  it('gives back as many frames as it took, however they are cut, with the same bits', () => {
    const audio = bursts(20_000, 5);
    const whole = limited(audio, -1);
    expect(whole.map((x) => x.length)).toEqual([20_000, 20_000]);
    fc.assert(
      fc.property(blockSizes, (sizes) => {
        const limiter = createLimiter({ sampleRate: 48_000, channels: 2, ceilingDbtp: -1 });
        const parts = [...cutInto(audio, sizes)].map((block) => limiter.push(block));
        parts.push(limiter.flush());
        expect(audio.map((_, c) => concat(parts.map((part) => part[c]!)))).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it('takes files shorter than its look-ahead', () => {
    expect(limited([Float32Array.of(2)], 0)[0]).toHaveLength(1);
    expect(limited([new Float32Array(0)], 0)[0]).toHaveLength(0);
    expect(Math.abs(limited([Float32Array.of(2)], 0)[0]![0]!)).toBeLessThanOrEqual(1);
  });
});
