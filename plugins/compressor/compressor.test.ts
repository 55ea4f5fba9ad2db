import { both, noise, rmsOf, sine } from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { amplitudeAt, dbOf, gainOf, leftOf, pluginUnderTest } from '../src/testing.ts';

const compressor = await pluginUnderTest('mixdown.compressor');

/** The curve of Giannoulis, Massberg and Reiss (2012): output level for an input level, in dB. */
function staticCurve(x: number, threshold: number, ratio: number, knee: number) {
  const over = x - threshold;
  if (2 * over < -knee) return x;
  if (knee > 0 && 2 * Math.abs(over) <= knee)
    return x + ((1 / ratio - 1) * (over + knee / 2) ** 2) / (2 * knee);
  return threshold + over / ratio;
}

describe.each([44_100, 48_000])('compressor at %i Hz', (sampleRate) => {
  const settled = (levelDb: number, params: Record<string, number>) => {
    const tone = new Float32Array(sampleRate).fill(gainOf(levelDb));
    return leftOf(compressor.open({ sampleRate, params }).run(both(tone)));
  };

  it.each([
    { threshold: -20, ratio: 4, knee: 0 },
    { threshold: -30, ratio: 2, knee: 12 },
    { threshold: -12, ratio: 20, knee: 6 },
    { threshold: -40, ratio: 1, knee: 6 },
  ])('follows the static curve with %o', (curve) => {
    const params = { ...curve, attack: 1, release: 20, makeup: 0 };
    for (let level = -50; level <= 0; level += 2.5) {
      const out = settled(level, params).at(-1) as number;
      const wanted = staticCurve(level, curve.threshold, curve.ratio, curve.knee);
      expect(dbOf(out), `${level} dB`).toBeCloseTo(wanted, 2);
    }
  });

  const hard = { threshold: -20, ratio: 4, knee: 0, makeup: 0 };

  it.each([1, 10, 100])('covers 63 percent of an attack within %f ms', (attack) => {
    const out = settled(0, { ...hard, attack });
    const at = Math.round((attack * sampleRate) / 1000) - 1;
    // 20 dB over: 15 dB of reduction in the end.
    expect(dbOf(out[at] as number)).toBeCloseTo(-15 * (1 - Math.exp(-1)), 1);
  });

  it.each([20, 200])('covers 63 percent of a release within %f ms', (release) => {
    const tone = new Float32Array(2 * sampleRate).fill(1);
    tone.fill(gainOf(-40), sampleRate);
    const params = { ...hard, attack: 1, release };
    const out = leftOf(compressor.open({ sampleRate, params }).run(both(tone)));
    const at = sampleRate + Math.round((release * sampleRate) / 1000) - 1;
    expect(dbOf(out[at] as number) + 40).toBeCloseTo(-15 * Math.exp(-1), 1);
  });

  it('hears a sine 3 dB lower with the RMS detector, once it has settled', () => {
    const tone = sine(2 * sampleRate, 1000, sampleRate, gainOf(-6));
    const params = { ...hard, attack: 50, release: 50, detector: 1 };
    const out = leftOf(compressor.open({ sampleRate, params }).run(both(tone)));
    const level = dbOf(rmsOf(out.subarray(sampleRate)) * Math.SQRT2);
    expect(level).toBeCloseTo(-6 + 0.75 * -(-6 - 3.01 + 20), 1);
  });

  it('makes up', () => {
    expect(dbOf(settled(-40, { ...hard, makeup: 9 }).at(-1) as number)).toBeCloseTo(-31, 3);
  });

  it('takes both sides down alike when linked, and each for itself when not', () => {
    const loud = new Float32Array(sampleRate).fill(1);
    const quiet = new Float32Array(sampleRate).fill(gainOf(-40));
    const last = (link: number) =>
      compressor
        .open({ sampleRate, params: { ...hard, attack: 1, link } })
        .run([loud, quiet])
        .map((channel) => dbOf(channel.at(-1) as number));
    const [linkedLeft, linkedRight] = last(100);
    expect(linkedLeft).toBeCloseTo(-15, 2);
    expect(linkedRight).toBeCloseTo(-55, 2);
    const [ownLeft, ownRight] = last(0);
    expect(ownLeft).toBeCloseTo(-15, 2);
    expect(ownRight).toBeCloseTo(-40, 2);
  });

  it('lets lows pass unheard with the detector’s low cut', () => {
    const low = sine(sampleRate, 40, sampleRate, 1);
    const reduction = (scOn: number) => {
      const params = { ...hard, attack: 1, scOn, scFreq: 1000 };
      const out = leftOf(compressor.open({ sampleRate, params }).run(both(low)));
      return dbOf(amplitudeAt(out.subarray(sampleRate / 2), 40, sampleRate));
    };
    expect(reduction(0)).toBeLessThan(-10);
    expect(reduction(1)).toBeGreaterThan(-0.5);
  });

  it('leaves what is below the threshold alone', () => {
    const input = noise(sampleRate / 4, { level: 0.01 });
    const out = leftOf(compressor.open({ sampleRate, params: hard }).run(both(input)));
    expect(out).toEqual(input);
  });
});
