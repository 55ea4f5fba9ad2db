import { both, impulse, noise, rmsOf, sine } from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { amplitudeAt, dbOf, gainOf, leftOf, pluginUnderTest, responseDb } from '../src/testing.ts';

const saturator = await pluginUnderTest('mixdown.saturator');
const LATENCY = 35;
const SHAPES = ['Soft', 'Tube', 'Hard', 'Fold'];

describe.each([44_100, 48_000])('saturator at %i Hz', (sampleRate) => {
  const run = (input: Float32Array, params: Record<string, number>) =>
    leftOf(saturator.open({ sampleRate, params: { auto: 0, ...params } }).run(both(input)));
  /** Levels of the first harmonics of a sine at 1 kHz, in dB below the fundamental. */
  const harmonics = (level: number, params: Record<string, number>) => {
    const out = run(sine(sampleRate, 1000, sampleRate, level), params).subarray(sampleRate / 2);
    const fundamental = amplitudeAt(out, 1000, sampleRate);
    return [2, 3, 4, 5].map((n) => dbOf(amplitudeAt(out, n * 1000, sampleRate) / fundamental));
  };

  it.each([0, 1, 2, 3])('passes quiet sound unchanged, shape %i', (shape) => {
    const input = sine(sampleRate, 1000, sampleRate, gainOf(-60));
    const out = run(input, { drive: 0, shape });
    expect(dbOf(rmsOf(out, sampleRate / 2) / rmsOf(input, sampleRate / 2))).toBeCloseTo(0, 1);
  });

  it('adds drive in dB to quiet sound', () => {
    const input = sine(sampleRate, 1000, sampleRate, gainOf(-80));
    const out = run(input, { drive: 20 });
    expect(dbOf(rmsOf(out, sampleRate / 2) / rmsOf(input, sampleRate / 2))).toBeCloseTo(20, 1);
  });

  it('keeps the level of a sine at −12 dBFS with auto level', () => {
    for (const drive of [0, 6, 12, 24, 36]) {
      const input = sine(sampleRate, 1000, sampleRate, 0.25);
      const out = run(input, { drive, auto: 1 });
      const change = dbOf(rmsOf(out, sampleRate / 2) / rmsOf(input));
      expect(Math.abs(change), `drive ${drive} dB`).toBeLessThan(3.1);
    }
  });

  it.each([0, 2, 3])('has odd harmonics only where the curve is even-sided, shape %i', (shape) => {
    const [second, third] = harmonics(0.5, { drive: 12, shape }) as [number, number];
    expect(second).toBeLessThan(-90);
    expect(third).toBeGreaterThan(-30);
  });

  it('has even harmonics as a tube', () => {
    const [second, third] = harmonics(0.2, { drive: 6, shape: SHAPES.indexOf('Tube') }) as [
      number,
      number,
    ];
    expect(second).toBeGreaterThan(-30);
    expect(second).toBeGreaterThan(third);
  });

  it('grows its third harmonic as the series of the curve says', () => {
    // x / √(1 + x²) = x − x³/2 + …: for small a the third harmonic is a²/8 of the fundamental.
    const third = (level: number) => harmonics(level, { drive: 0, shape: 0 })[1] as number;
    for (const level of [0.02, 0.05, 0.1])
      expect(third(level)).toBeCloseTo(dbOf(level ** 2 / 8), 0);
  });

  it('clips hard at full scale', () => {
    const out = run(sine(sampleRate, 500, sampleRate, 1), { drive: 24, shape: 2 });
    const tops = out.filter((x) => x > 0.95);
    expect(tops.length / out.length).toBeGreaterThan(0.3);
  });

  it('keeps what would alias far down', () => {
    // Harmonics of 5 kHz that lie above half the rate would fold back to places between the harmonics.
    const f = 5000;
    const out = run(sine(sampleRate, f, sampleRate, 0.5), { drive: 18, shape: 0 }).subarray(
      sampleRate / 2,
    );
    const fundamental = amplitudeAt(out, f, sampleRate);
    for (const n of [5, 7, 9, 11, 13]) {
      const folded = Math.abs(((n * f + sampleRate / 2) % sampleRate) - sampleRate / 2);
      // Around half the rate the filters have not closed yet.
      if (folded % f < 10 || folded > 19_000) continue;
      expect(
        dbOf(amplitudeAt(out, folded, sampleRate) / fundamental),
        `harmonic ${n}`,
      ).toBeLessThan(-50);
    }
  });

  it('is flat to 18 kHz and late by what it reports', () => {
    const response = run(impulse(8192, 0.001), { drive: 0 }).map((x) => x * 1000);
    for (const f of [100, 1000, 10_000, 15_000, 18_000]) {
      expect(responseDb(response, f, sampleRate), `${f} Hz`).toBeCloseTo(0, 0.7);
    }
    expect(saturator.entry.latencyFrames[String(sampleRate)]).toBe(LATENCY);
    expect(response.indexOf(Math.max(...response))).toBe(LATENCY);
  });

  it('puts out no DC, lopsided as it may be', () => {
    const out = run(sine(3 * sampleRate, 100, sampleRate, 0.7), { drive: 24, shape: 1 });
    const late = out.subarray(2 * sampleRate);
    expect(Math.abs(late.reduce((sum, x) => sum + x, 0) / late.length)).toBeLessThan(1e-3);
  });

  it('darkens by its tone', () => {
    const bright = run(noise(sampleRate, { level: 0.01 }), { drive: 0 });
    const dark = run(noise(sampleRate, { level: 0.01 }), { drive: 0, tone: 1000 });
    expect(rmsOf(dark)).toBeLessThan(rmsOf(bright) / 2);
  });
});
