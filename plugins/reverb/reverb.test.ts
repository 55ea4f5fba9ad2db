import { both, impulse, rmsOf, stereoNoise } from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { dbOf, energyOf, pluginUnderTest, responseDb } from '../src/testing.ts';

const reverb = await pluginUnderTest('mixdown.reverb');
const open = { damp: 20_000, lowCut: 20, highCut: 20_000, early: 0, preDelay: 0 };

/**
 * RT60 after ISO 3382: the slope of Schroeder's backward integral between −5 and −35 dB (T30), times 60 dB. Seconds.
 */
function rt60(response: Float32Array, sampleRate: number): number {
  const left = new Float64Array(response.length + 1);
  for (let i = response.length - 1; i >= 0; i--) {
    left[i] = (left[i + 1] as number) + (response[i] as number) ** 2;
  }
  const level = (i: number) => 10 * Math.log10((left[i] as number) / (left[0] as number));
  const points: [t: number, db: number][] = [];
  for (let i = 0; i < response.length; i += 64) {
    const db = level(i);
    if (db <= -5 && db >= -35) points.push([i / sampleRate, db]);
  }
  const mean = (k: 0 | 1) => points.reduce((sum, p) => sum + p[k], 0) / points.length;
  const [mt, md] = [mean(0), mean(1)];
  const slope =
    points.reduce((sum, [t, db]) => sum + (t - mt) * (db - md), 0) /
    points.reduce((sum, [t]) => sum + (t - mt) ** 2, 0);
  return -60 / slope;
}

/** Two second-order band-pass sections, an octave wide. */
function octaveBand(signal: Float32Array, centre: number, sampleRate: number): Float32Array {
  const w = (2 * Math.PI * centre) / sampleRate;
  const alpha = Math.sin(w) / (2 * Math.SQRT2);
  const [b, a1, a2] = [
    alpha / (1 + alpha),
    (-2 * Math.cos(w)) / (1 + alpha),
    (1 - alpha) / (1 + alpha),
  ];
  const pass = (x: Float32Array) => {
    const y = new Float32Array(x.length);
    for (let i = 0; i < x.length; i++) {
      y[i] = b * ((x[i] as number) - (x[i - 2] ?? 0)) - a1 * (y[i - 1] ?? 0) - a2 * (y[i - 2] ?? 0);
    }
    return y;
  };
  return pass(pass(signal));
}

describe.each([44_100, 48_000])('reverb at %i Hz', (sampleRate) => {
  const answer = (params: Record<string, number>, seconds: number) =>
    reverb
      .open({ sampleRate, params: { ...open, ...params } })
      .run(both(impulse(Math.round(seconds * sampleRate))));

  it.each([
    [0.5, 30],
    [1, 60],
    [2, 60],
    [4, 100],
    [10, 80],
  ])('dies away by 60 dB in %f s at size %i', (decay, size) => {
    for (const channel of answer({ decay, size }, decay * 1.3)) {
      const measured = rt60(channel, sampleRate);
      expect(measured / decay).toBeGreaterThan(0.9);
      expect(measured / decay).toBeLessThan(1.1);
    }
  });

  it('keeps its decay time in the middle when highs are damped, and halves it at the damping frequency', () => {
    const [left] = answer({ decay: 3, damp: 4000 }, 4);
    expect(rt60(octaveBand(left, 250, sampleRate), sampleRate)).toBeCloseTo(3, 0.5);
    const damped = rt60(octaveBand(left, 4000, sampleRate), sampleRate);
    expect(damped).toBeGreaterThan(1.2);
    expect(damped).toBeLessThan(1.8);
  });

  it('starts after the pre-delay', () => {
    const start = (preDelay: number) => {
      const [left] = answer({ preDelay, early: 100 }, 0.5);
      return left.findIndex((x) => Math.abs(x) > 1e-4);
    };
    expect(start(100) - start(0)).toBe(Math.round(0.1 * sampleRate));
  });

  it('brings reflections before the tail', () => {
    const early = (share: number) => {
      const [left] = answer({ early: share, size: 60 }, 0.5);
      return energyOf(left, 0, Math.round(0.015 * sampleRate));
    };
    expect(early(0)).toBe(0);
    expect(early(100)).toBeGreaterThan(0.1);
  });

  it('cuts lows and highs', () => {
    const at = (params: Record<string, number>, f: number) =>
      responseDb(answer({ decay: 1, ...params }, 1.5)[0], f, sampleRate);
    expect(at({ lowCut: 1000 }, 100) - at({}, 100)).toBeCloseTo(-40, 0);
    expect(at({ highCut: 1000 }, 8000) - at({}, 8000)).toBeLessThan(-15);
  });

  it('is wide at 100 %, mono at 0 %', () => {
    const correlation = (width: number) => {
      const [left, right] = answer({ width }, 1);
      let product = 0;
      for (let i = 0; i < left.length; i++) product += (left[i] as number) * (right[i] as number);
      return product / Math.sqrt(energyOf(left) * energyOf(right));
    };
    expect(Math.abs(correlation(100))).toBeLessThan(0.2);
    expect(correlation(0)).toBeCloseTo(1, 6);
  });

  it('comes back about as loud whatever the decay time', () => {
    const levels = [0.5, 1.8, 6].map((decay) => {
      const seconds = decay * 2;
      const input = stereoNoise(Math.round(seconds * sampleRate), { level: 0.5 });
      const [left] = reverb.open({ sampleRate, params: { decay, early: 0 } }).run(input);
      return dbOf(rmsOf(left, left.length / 2) / rmsOf(input[0]));
    });
    for (const level of levels) {
      expect(level).toBeGreaterThan(-8);
      expect(level).toBeLessThan(2);
    }
  });

  it('fills up without an audible rhythm: the echo density is that of noise within 150 ms', () => {
    const [left] = answer({ decay: 2, size: 60 }, 0.5);
    // Share of frames further than a standard deviation from zero; a third for Gaussian noise (Abel and Huang, 2006).
    const part = left.subarray(Math.round(0.15 * sampleRate), Math.round(0.2 * sampleRate));
    const deviation = rmsOf(part);
    const outside = part.filter((x) => Math.abs(x) > deviation).length / part.length;
    expect(outside / 0.3173).toBeGreaterThan(0.8);
  });
});
