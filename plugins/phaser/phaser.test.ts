import { both, impulse, sine } from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { dbOf, leftOf, pluginUnderTest, responseDb } from '../src/testing.ts';

const phaser = await pluginUnderTest('mixdown.phaser');
const still = { depth: 0, feedback: 0, spread: 0, centre: 1000 };
const STAGES = [4, 6, 8, 12];

describe.each([44_100, 48_000])('phaser at %i Hz', (sampleRate) => {
  const answer = (params: Record<string, number>) =>
    leftOf(
      phaser.open({ sampleRate, params: { ...still, ...params } }).run(both(impulse(1 << 15))),
    );
  const halfDry = (wet: Float32Array) => {
    const mixed = wet.map((x) => x / 2);
    mixed[0] = (mixed[0] as number) + 0.5;
    return mixed;
  };

  it.each([0, 1, 2, 3])('lets everything through by itself, choice %i', (stages) => {
    const wet = answer({ stages });
    for (const f of [50, 500, 1000, 5000, 15_000]) {
      expect(responseDb(wet, f, sampleRate)).toBeCloseTo(0, 3);
    }
  });

  it.each([0, 1, 2, 3])('notches where the all-passes turn the phase, choice %i', (choice) => {
    const stages = STAGES[choice] as number;
    const mixed = halfDry(answer({ stages: choice }));
    const corner = Math.tan((Math.PI * 1000) / sampleRate);
    // N stages turn by 2 N atan(tan(π f / rate) / corner); a notch is an odd multiple of π.
    for (let notch = 0; notch < stages / 2; notch++) {
      const turn = ((2 * notch + 1) * Math.PI) / (2 * stages);
      const f = (Math.atan(corner * Math.tan(turn)) * sampleRate) / Math.PI;
      expect(responseDb(mixed, f, sampleRate), `${f} Hz`).toBeLessThan(-45);
    }
    expect(responseDb(mixed, 2, sampleRate)).toBeCloseTo(0, 1);
  });

  it('sweeps by the depth in octaves at the rate', () => {
    const [rate, depth] = [0.5, 2];
    const tone = (f: number) => {
      const input = sine(2 * sampleRate, f, sampleRate, 0.5);
      const params = { ...still, rate, depth, stages: 0 };
      const wet = leftOf(phaser.open({ sampleRate, params }).run(both(input)));
      return wet.map((x, i) => x / 2 + (input[i] as number) / 2);
    };
    const peakAround = (signal: Float32Array, t: number) => {
      const from = Math.round((t - 0.01) * sampleRate);
      return Math.max(...signal.subarray(from, from + Math.round(0.02 * sampleRate)).map(Math.abs));
    };
    // Four stages: the first notch lies at tan(π/8) of the corner. At t = 0.5 s the corner stands at 1000 · 2^2,
    // at 1.5 s at 1000 / 2^2.
    for (const [t, corner] of [
      [0.5, 4000],
      [1.5, 250],
    ] as const) {
      const notch =
        (Math.atan(Math.tan(Math.PI / 8) * Math.tan((Math.PI * corner) / sampleRate)) *
          sampleRate) /
        Math.PI;
      const signal = tone(notch);
      expect(dbOf(peakAround(signal, t) / 0.5), `${notch} Hz at ${t} s`).toBeLessThan(-25);
      expect(dbOf(peakAround(signal, 1) / 0.5), `${notch} Hz at 1 s`).toBeGreaterThan(-12);
    }
  });

  it('moves both sides together without spread, against each other at 180°', () => {
    const input = both(sine(sampleRate, 700, sampleRate, 0.5));
    const run = (spread: number) =>
      phaser.open({ sampleRate, params: { ...still, depth: 2, rate: 2, spread } }).run(input);
    const [left, right] = run(0);
    expect(left).toEqual(right);
    const [swayed, against] = run(180);
    expect(swayed).not.toEqual(against);
  });

  it('resonates with feedback', () => {
    const gain = (feedback: number) => responseDb(answer({ feedback, stages: 0 }), 10, sampleRate);
    // Far below the corner nothing is turned: 1 / (1 − feedback).
    expect(gain(50)).toBeCloseTo(dbOf(1 / 0.5), 0.5);
    expect(gain(-50)).toBeCloseTo(dbOf(1 / 1.5), 0.5);
  });
});
