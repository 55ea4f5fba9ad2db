import { both, impulse, noise, peakOf, sine, stereoNoise } from '@mixdown/wam-catalog/test-signals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dbOf, gainOf, leftOf, pluginUnderTest } from '../src/testing.ts';

const limiter = await pluginUnderTest('mixdown.limiter');
const LATENCY = 133;

/** Largest value of the band-limited curve through the frames, on a grid eight times as fine (sinc over 64 frames). */
function truePeak(signal: Float32Array, from: number): number {
  let peak = 0;
  for (let n = from; n < signal.length - 32; n++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0;
      for (let i = -31; i <= 32; i++) {
        const t = i - k / 8;
        const x = Math.PI * t;
        const kernel = t === 0 ? 1 : (Math.sin(x) / x) * (0.5 + 0.5 * Math.cos(x / 33));
        sum += (signal[n + i] as number) * kernel;
      }
      peak = Math.max(peak, Math.abs(sum));
    }
  }
  return peak;
}

describe.each([44_100, 48_000])('limiter at %i Hz', (sampleRate) => {
  const run = (input: Float32Array, params: Record<string, number>) =>
    leftOf(limiter.open({ sampleRate, params }).run(both(input)));

  it('never exceeds the ceiling, whatever comes in', () => {
    const settings = fc.record({
      gain: fc.double({ min: -12, max: 24, noNaN: true }),
      ceiling: fc.double({ min: -24, max: 0, noNaN: true }),
      release: fc.double({ min: 1, max: 1000, noNaN: true }),
      mode: fc.constantFrom(0, 1),
      link: fc.double({ min: 0, max: 100, noNaN: true }),
      level: fc.constantFrom(0.5, 1, 10),
      frequency: fc.option(fc.integer({ min: 20, max: 20_000 })),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(settings, ({ level, frequency, seed, ...params }) => {
        const input =
          frequency === null
            ? stereoNoise(8192, { seed, level })
            : both(sine(8192, frequency, sampleRate, level));
        const output = limiter.open({ sampleRate, params }).run(input);
        // Parameters are single precision, and so is the output: the ceiling is that of the nearest value.
        const ceiling = Math.fround(gainOf(Math.fround(params.ceiling)) * (1 + 1e-7));
        expect(Math.max(...output.map((channel) => peakOf(channel)))).toBeLessThanOrEqual(ceiling);
      }),
      { numRuns: 60 },
    );
  });

  it('delays by what it reports, and leaves quiet sound alone', () => {
    const input = noise(4096, { level: 0.5 });
    const out = run(input, { ceiling: -1 });
    expect(out.subarray(LATENCY)).toEqual(input.subarray(0, 4096 - LATENCY));
    expect(limiter.entry.latencyFrames[String(sampleRate)]).toBe(LATENCY);
  });

  it('is down before a peak arrives, without a corner in the gain', () => {
    const input = new Float32Array(4096).fill(0.1);
    input[2000] = 1;
    const out = run(input, { ceiling: -6, mode: 0, release: 1000 });
    expect(out[2000 + LATENCY]).toBeCloseTo(gainOf(-6), 6);
    // From full to half gain over the look-ahead of 128 frames: each frame at most a 128th of the way.
    for (let i = 1; i < 2000 + LATENCY; i++) {
      const step = Math.abs((out[i] as number) - (out[i - 1] as number));
      if (i !== LATENCY) expect(step).toBeLessThan((0.1 * 0.51) / 128);
    }
  });

  it('lets go by 63 % within the release time', () => {
    const frames = sampleRate;
    const input = new Float32Array(frames).fill(0.1);
    input[1000] = 1;
    const out = run(input, { ceiling: -6, mode: 0, release: 200 });
    // The held peak leaves the window 127 frames later; the average over the window lags by half of it.
    const from = 1000 + LATENCY + 127 - 64;
    const at = from + Math.round(0.2 * sampleRate);
    const reduction = 1 - (out[at] as number) / 0.1;
    expect(reduction / (1 - gainOf(-6))).toBeCloseTo(Math.exp(-1), 2);
  });

  it('holds the ceiling between the samples too', () => {
    // A quarter of the sample rate, 45° off: the samples see 3 dB less than the wave has.
    const wave = Float32Array.from(
      { length: 4096 },
      (_, i) => 1.4 * Math.sin((Math.PI / 2) * i + Math.PI / 4),
    );
    const peak = (mode: number) => dbOf(truePeak(run(wave, { ceiling: -3, mode }), 2000));
    expect(peak(0)).toBeGreaterThan(-1);
    expect(peak(1)).toBeLessThan(-2.9);
    // Sixty tones up to 0.41 of the sample rate (18 to 20 kHz) with phases at random.
    const phases = noise(60, { seed: 3, level: Math.PI });
    const tones = Float32Array.from({ length: 6000 }, (_, i) =>
      phases.reduce((sum, phase, k) => {
        return sum + 0.5 * Math.sin((2 * Math.PI * 0.41 * (k + 0.5) * i) / 60 + phase);
      }, 0),
    );
    const hot = run(tones, { ceiling: -1, mode: 1, release: 50 });
    expect(dbOf(truePeak(hot, 1000))).toBeLessThan(-0.8);
  });

  it('drives by its gain', () => {
    const out = run(impulse(400, 0.01), { gain: 12 });
    expect(dbOf(out[LATENCY] as number)).toBeCloseTo(-40 + 12, 4);
  });

  it('takes both sides down alike when linked', () => {
    const loud = new Float32Array(4096).fill(1);
    const quiet = new Float32Array(4096).fill(0.1);
    const sides = (link: number) =>
      limiter
        .open({ sampleRate, params: { ceiling: -12, link } })
        .run([loud, quiet])
        .map((channel) => dbOf(channel.at(-1) as number));
    expect(sides(100)[1]).toBeCloseTo(-32, 2);
    expect(sides(0)[1]).toBeCloseTo(-20, 4);
  });
});
