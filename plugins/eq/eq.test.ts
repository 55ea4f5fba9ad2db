import { noise, rmsOf } from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { dbOf, impulseResponse, pluginUnderTest, responseDb } from '../src/testing.ts';

const eq = await pluginUnderTest('mixdown.eq');
const FRAMES = 1 << 16;
const FREQUENCIES = [25, 60, 100, 250, 400, 700, 1000, 2000, 4000, 7000, 10_000, 14_000, 18_000];

type Kind = 'peak' | 'lowShelf' | 'highShelf' | 'lowCut' | 'highCut';

/** The Audio EQ Cookbook's biquads, evaluated on the unit circle: numerators and denominators as it gives them. */
function cookbookDb(kind: Kind, f0: number, q: number, gainDb: number, f: number, rate: number) {
  const w0 = (2 * Math.PI * f0) / rate;
  const A = 10 ** (gainDb / 40);
  const alpha = Math.sin(w0) / (2 * q);
  const cos = Math.cos(w0);
  const root = 2 * Math.sqrt(A) * alpha;
  const coefficients: Record<Kind, [number[], number[]]> = {
    peak: [
      [1 + alpha * A, -2 * cos, 1 - alpha * A],
      [1 + alpha / A, -2 * cos, 1 - alpha / A],
    ],
    lowShelf: [
      [
        A * (A + 1 - (A - 1) * cos + root),
        2 * A * (A - 1 - (A + 1) * cos),
        A * (A + 1 - (A - 1) * cos - root),
      ],
      [A + 1 + (A - 1) * cos + root, -2 * (A - 1 + (A + 1) * cos), A + 1 + (A - 1) * cos - root],
    ],
    highShelf: [
      [
        A * (A + 1 + (A - 1) * cos + root),
        -2 * A * (A - 1 + (A + 1) * cos),
        A * (A + 1 + (A - 1) * cos - root),
      ],
      [A + 1 - (A - 1) * cos + root, 2 * (A - 1 - (A + 1) * cos), A + 1 - (A - 1) * cos - root],
    ],
    lowCut: [
      [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2],
      [1 + alpha, -2 * cos, 1 - alpha],
    ],
    highCut: [
      [(1 - cos) / 2, 1 - cos, (1 - cos) / 2],
      [1 + alpha, -2 * cos, 1 - alpha],
    ],
  };
  const w = (2 * Math.PI * f) / rate;
  const size = ([c0, c1, c2]: number[]) =>
    Math.hypot(
      c0! + c1! * Math.cos(w) + c2! * Math.cos(2 * w),
      c1! * Math.sin(w) + c2! * Math.sin(2 * w),
    );
  const [b, a] = coefficients[kind];
  return dbOf(size(b) / size(a));
}

describe.each([44_100, 48_000])('equaliser at %i Hz', (sampleRate) => {
  const response = (params: Record<string, number>) =>
    impulseResponse(eq.open({ sampleRate, params }), FRAMES);
  const expectCurve = (params: Record<string, number>, curve: (f: number) => number) => {
    const impulse = response(params);
    for (const f of FREQUENCIES) {
      const wanted = curve(f);
      // Far down in a stop band single-precision output has nothing to say.
      if (wanted > -60)
        expect(responseDb(impulse, f, sampleRate), `${f} Hz`).toBeCloseTo(wanted, 1);
    }
  };

  it('is transparent as it comes', () => {
    const input = noise(4096);
    const [left] = eq.open({ sampleRate }).run([input, input]);
    const difference = left.map((x, i) => x - (input[i] as number));
    expect(dbOf(rmsOf(difference) / rmsOf(input))).toBeLessThan(-140);
  });

  it.each([
    [40, 12, 0.5],
    [1000, 6, 1],
    [1000, -18, 4],
    [9000, 24, 0.3],
    [15_000, -6, 8],
  ])('peaks at %i Hz by %f dB with Q %f', (freq, gain, q) => {
    for (const band of ['p1', 'p2']) {
      expectCurve({ [`${band}Freq`]: freq, [`${band}Gain`]: gain, [`${band}Q`]: q }, (f) =>
        cookbookDb('peak', freq, q, gain, f, sampleRate),
      );
    }
  });

  it.each([
    [80, 9, 0.7],
    [300, -12, 1.5],
  ])('has a low shelf at %i Hz of %f dB with Q %f', (freq, gain, q) => {
    expectCurve({ lowFreq: freq, lowGain: gain, lowQ: q }, (f) =>
      cookbookDb('lowShelf', freq, q, gain, f, sampleRate),
    );
  });

  it.each([
    [8000, 9, 0.7],
    [2500, -15, 0.4],
  ])('has a high shelf at %i Hz of %f dB with Q %f', (freq, gain, q) => {
    expectCurve({ highFreq: freq, highGain: gain, highQ: q }, (f) =>
      cookbookDb('highShelf', freq, q, gain, f, sampleRate),
    );
  });

  it.each([1, 2])('cuts lows and highs, shape %i', (shape) => {
    // 24 dB per octave is two sections with the Qs of a fourth-order Butterworth filter.
    const qs =
      shape === 1 ? [0.9] : [0.541196 * (0.9 / Math.SQRT1_2), 1.306563 * (0.9 / Math.SQRT1_2)];
    const total = (kind: Kind, freq: number, f: number) =>
      qs.reduce((sum, q) => sum + cookbookDb(kind, freq, q, 0, f, sampleRate), 0);
    expectCurve({ lowType: shape, lowFreq: 200, lowQ: 0.9 }, (f) => total('lowCut', 200, f));
    expectCurve({ highType: shape, highFreq: 5000, highQ: 0.9 }, (f) => total('highCut', 5000, f));
  });

  it('adds its bands and the output up', () => {
    const params = { lowGain: 6, p1Gain: -9, p2Gain: 5, highGain: -3, output: -4 };
    expectCurve(
      params,
      (f) =>
        cookbookDb('lowShelf', 90, 0.71, 6, f, sampleRate) +
        cookbookDb('peak', 400, 1, -9, f, sampleRate) +
        cookbookDb('peak', 2500, 1, 5, f, sampleRate) +
        cookbookDb('highShelf', 8000, 0.71, -3, f, sampleRate) -
        4,
    );
  });

  it('leaves out a band that is off', () => {
    const params = {
      p1Gain: 20,
      p1On: 0,
      lowType: 2,
      lowOn: 0,
      highType: 1,
      highOn: 0,
      p2Gain: 20,
      p2On: 0,
    };
    expectCurve(params, () => 0);
  });
});
