import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { createResampler } from './resampler.ts';
import { blockSizes, concat, cutInto, rmsDb, sine } from './testing.ts';

const resample = (
  channels: Float32Array[],
  fromRate: number,
  toRate: number,
  sizes: number[] = [],
): Float32Array[] => {
  const resampler = createResampler({ fromRate, toRate, channels: channels.length });
  const parts = cutInto(channels, sizes).map((block) => resampler.push(block));
  parts.push(resampler.flush());
  return channels.map((_, c) => concat(parts.map((p) => p[c]!)));
};

/** The part that the silence before and after does not reach. */
const middle = (x: Float32Array, rate: number) => x.subarray(rate / 10, x.length - rate / 10);

const noise = (frames: number, seed: number) => {
  const random = createRandom(seed);
  return Float32Array.from({ length: frames }, () => random.next() - 0.5);
};

const RATES = [
  [44_100, 48_000],
  [48_000, 44_100],
  [96_000, 48_000],
  [88_200, 44_100],
  [192_000, 44_100],
  [32_000, 48_000],
] as const;

describe('createResampler', () => {
  it.each(RATES)(
    '%i → %i Hz: sines up to 20 kHz come out flat, in time, 120 dB clean',
    (from, to) => {
      const top = Math.min(20_000, 0.45 * Math.min(from, to));
      for (const hz of [50, 997, 10_000, top]) {
        const [out] = resample([sine(from, hz, -1, 0.5)], from, to);
        const ideal = sine(to, hz, -1, 0.5);
        const error = out!.map((y, i) => y - ideal[i]!);
        expect(rmsDb(middle(error, to)) - rmsDb(middle(ideal, to))).toBeLessThan(-120);
      }
    },
  );

  it.each([
    [48_000, 44_100, 22_100],
    [48_000, 44_100, 23_500],
    [96_000, 48_000, 24_100],
    [96_000, 44_100, 30_000],
    [192_000, 48_000, 80_000],
    [48_000, 8000, 4100],
  ])('%i → %i Hz: what the lower rate cannot hold (%i Hz) is 120 dB down', (from, to, hz) => {
    const [out] = resample([sine(from, hz, 0, 0.5)], from, to);
    expect(rmsDb(middle(out!, to))).toBeLessThan(-120);
  });

  it('leaves no image above the old Nyquist frequency', () => {
    // 20 kHz at 44.1 kHz has its image at 24.1 kHz: at 96 kHz it would be there to be seen.
    const hz = 20_000;
    const [out] = resample([sine(44_100, hz, 0, 0.5)], 44_100, 96_000);
    const ideal = sine(96_000, hz, 0, 0.5);
    expect(
      rmsDb(
        middle(
          out!.map((y, i) => y - ideal[i]!),
          96_000,
        ),
      ),
    ).toBeLessThan(-120);
  });

  it('handles rates without a common divisor through its table, as clean', () => {
    for (const [from, to] of [
      [44_101, 48_000],
      [48_000, 44_101],
    ] as const) {
      const [out] = resample([sine(from, 15_000, -1, 0.5)], from, to);
      const ideal = sine(to, 15_000, -1, 0.5);
      expect(
        rmsDb(
          middle(
            out!.map((y, i) => y - ideal[i]!),
            44_100,
          ),
        ),
      ).toBeLessThan(-115);
    }
  });

  it('keeps a constant constant and an impulse in its place', () => {
    const [flat] = resample([new Float32Array(4800).fill(0.5)], 48_000, 44_100);
    expect(Math.max(...flat!.subarray(1000, 3000).map((x) => Math.abs(x - 0.5)))).toBeLessThan(
      1e-6,
    );
    const impulse = new Float32Array(4410);
    impulse[2205] = 1;
    const [out] = resample([impulse], 44_100, 48_000);
    expect(out!.indexOf(Math.max(...out!))).toBe(2400);
  });

  it('comes back after a round trip, up to 20 kHz', () => {
    const x = concat([sine(48_000, 440, -12, 0.3), sine(48_000, 15_000, -12, 0.3)]);
    // The join is a click with content up to Nyquist: fade it out of the comparison by looking away from it.
    const [there] = resample([x], 48_000, 44_100);
    const [back] = resample([there!], 44_100, 48_000);
    expect(back!.length).toBe(x.length);
    const error = back!.map((y, i) => y - x[i]!);
    expect(rmsDb(error.subarray(2400, 12_000))).toBeLessThan(-130);
    expect(rmsDb(error.subarray(16_800, 26_400))).toBeLessThan(-130);
  });

  it('gives exactly round(n · to / from) frames, bit for bit the same for any cut', () => {
    const rate = fc.constantFrom(8000, 11_025, 22_050, 44_100, 44_101, 48_000, 96_000, 192_000);
    fc.assert(
      fc.property(
        rate,
        fc.constantFrom(44_100, 48_000),
        fc.integer({ min: 0, max: 6000 }),
        fc.integer({ min: 1, max: 3 }),
        blockSizes,
        (from, to, frames, count, sizes) => {
          const channels = Array.from({ length: count }, (_, c) => noise(frames, c));
          const whole = resample(channels, from, to);
          expect(whole[0]!.length).toBe(Math.round((frames * to) / from));
          expect(resample(channels, from, to, sizes)).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('treats channels alike, alone or in company', () => {
    const a = noise(3000, 1);
    const b = noise(3000, 2);
    const [left, right] = resample([a, b], 44_100, 48_000);
    expect(resample([a], 44_100, 48_000)).toEqual([left]);
    expect(resample([b], 44_100, 48_000)).toEqual([right]);
  });

  it('copies when the rates are the same, so that callers may reuse their block', () => {
    const x = Float32Array.of(1, 2, 3);
    const [out] = createResampler({ fromRate: 48_000, toRate: 48_000, channels: 1 }).push([x]);
    x.fill(0);
    expect(out).toEqual(Float32Array.of(1, 2, 3));
  });
});
