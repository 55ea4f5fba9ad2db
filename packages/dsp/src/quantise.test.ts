import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTpdfDither } from './dither.ts';
import { quantiseToInt } from './quantise.ts';
import { createRandom } from './random.ts';
import { rmsDb, sine } from './testing.ts';

const mono = (samples: number[], bits: number) => [
  ...quantiseToInt([Float32Array.from(samples)], bits, null),
];

describe('createRandom', () => {
  it('repeats for a seed, differs between seeds, and is uniform', () => {
    const draw = (seed: number) => {
      const r = createRandom(seed);
      return Array.from({ length: 20_000 }, () => r.next());
    };
    const values = draw(1);
    expect(draw(1)).toEqual(values);
    expect(draw(2)).not.toEqual(values);
    const bins = new Array<number>(10).fill(0);
    for (const v of values) bins[Math.floor(v * 10)]!++;
    for (const n of bins) expect(Math.abs(n - 2000)).toBeLessThan(200);
  });

  it('gives the values of the reference construction, so files stay the same for ever', () => {
    const r = createRandom(20260125);
    expect(Array.from({ length: 4 }, () => r.next() * 2 ** 32)).toMatchInlineSnapshot(`
      [
        684801441,
        1128918395,
        1459724969,
        25263321,
      ]
    `);
  });
});

describe('createTpdfDither', () => {
  it('is triangular: mean 0, variance 1/6 LSB², inside ±1', () => {
    const dither = createTpdfDither(3);
    const n = 200_000;
    const values = Array.from({ length: n }, () => dither.next());
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const variance = values.reduce((a, b) => a + b * b, 0) / n - mean * mean;
    expect(Math.abs(mean)).toBeLessThan(0.004);
    expect(Math.abs(variance - 1 / 6)).toBeLessThan(0.002);
    expect(Math.max(...values.map(Math.abs).slice(0, 50_000))).toBeLessThan(1);
    const inner = values.filter((v) => Math.abs(v) < 0.5).length / n;
    expect(Math.abs(inner - 0.75)).toBeLessThan(0.005);
  });
});

describe('quantiseToInt', () => {
  it('clips at the ends of the range, never wraps', () => {
    expect(mono([1, -1, 2, -2, 0.99999, Number.POSITIVE_INFINITY, -1e30, Number.NaN], 16)).toEqual([
      32767, -32768, 32767, -32768, 32767, 32767, -32768, 0,
    ]);
    expect(mono([1, -1, 4], 24)).toEqual([8388607, -8388608, 8388607]);
  });

  it('rounds to nearest, halves to even', () => {
    const lsb = 1 / 32_768;
    expect(
      mono(
        [0.4, 0.5, 0.6, 1.5, 2.5, -0.5, -0.6, -1.5, -2.5].map((x) => x * lsb),
        16,
      ),
    ).toEqual([0, 0, 1, 2, 2, 0, -1, -2, -2]);
  });

  it('returns integers that were floats of the same depth unchanged', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(16, 24),
        fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }),
        (bits, v) => {
          const value = bits === 16 ? v >> 8 : v;
          expect(mono([value / 2 ** (bits - 1)], bits)).toEqual([value]);
        },
      ),
    );
  });

  it('interleaves channels and reuses the array it is given', () => {
    const out = new Int32Array(4);
    const lsb = 1 / 32_768;
    const block = [Float32Array.of(lsb, 2 * lsb), Float32Array.of(-lsb, -2 * lsb)];
    expect(quantiseToInt(block, 16, null, out)).toBe(out);
    expect([...out]).toEqual([1, -1, 2, -2]);
    expect(() => quantiseToInt(block, 16, null, new Int32Array(3))).toThrow(RangeError);
  });

  it('with dither: noise floor at −93.3 dBFS (16 bits), no offset, no harmonics of a tiny sine', () => {
    const bits = 16;
    const hz = 1000;
    // 0.4 LSB high: without dither it would vanish altogether.
    const x = sine(48_000, hz, -98.3, 10);
    const plain = quantiseToInt([x], bits, null);
    expect(plain.every((v) => v === 0)).toBe(true);
    const dithered = quantiseToInt([x], bits, createTpdfDither(1));
    const error = Array.from(dithered, (v, i) => v / 32_768 - x[i]!);
    // 1/12 of rounding + 1/6 of dither = 1/4 LSB².
    expect(rmsDb(error)).toBeCloseTo(10 * Math.log10(0.25 / 32_768 ** 2), 1);
    const mean = error.reduce((a, b) => a + b, 0) / error.length;
    expect(Math.abs(mean) * 32_768).toBeLessThan(0.005);
    const level = (harmonic: number) => {
      let re = 0;
      let im = 0;
      for (let i = 0; i < dithered.length; i++) {
        const angle = (2 * Math.PI * hz * harmonic * i) / 48_000;
        re += dithered[i]! * Math.cos(angle);
        im += dithered[i]! * Math.sin(angle);
      }
      return (2 * Math.hypot(re, im)) / dithered.length;
    };
    expect(level(1)).toBeCloseTo(0.4, 2);
    for (const harmonic of [2, 3, 5]) expect(level(harmonic)).toBeLessThan(0.01);
  });

  it('draws dither in interleaved order, so that the cut into blocks does not matter', () => {
    const x = sine(48_000, 440, -20, 0.02);
    const y = sine(48_000, 550, -20, 0.02);
    const whole = [...quantiseToInt([x, y], 16, createTpdfDither(9))];
    const dither = createTpdfDither(9);
    const parts = [0, 1, 300].flatMap((from, k, all) => {
      const to = all[k + 1] ?? x.length;
      return [...quantiseToInt([x.subarray(from, to), y.subarray(from, to)], 16, dither)];
    });
    expect(parts).toEqual(whole);
  });
});
