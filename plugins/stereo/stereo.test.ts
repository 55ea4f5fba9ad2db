import { noise, type Stereo, sine, stereoNoise } from '@mixdown/wam-catalog/node';
import { describe, expect, it } from 'vitest';
import { amplitudeAt, dbOf, gainOf, pluginUnderTest } from '../src/testing.ts';

const stereo = await pluginUnderTest('mixdown.stereo');
const [INPUT_L, INPUT_R] = stereoNoise(2048, { level: 0.5 });
const INPUT: Stereo = [INPUT_L, INPUT_R];

const expectClose = (got: Float32Array, wanted: Float32Array) =>
  got.forEach((x, i) => {
    expect(x).toBeCloseTo(wanted[i] as number, 6);
  });
const combine = (l: number, r: number) => INPUT_L.map((x, i) => l * x + r * (INPUT_R[i] as number));

describe.each([44_100, 48_000])('stereo tool at %i Hz', (sampleRate) => {
  const run = (params: Record<string, number>, input: Stereo = INPUT) =>
    stereo.open({ sampleRate, params }).run(input);

  it('changes nothing as it comes', () => {
    const [left, right] = run({});
    expectClose(left, INPUT_L);
    expectClose(right, INPUT_R);
  });

  it('makes mono, by width or by switch', () => {
    for (const params of [{ width: 0 }, { mono: 1 }, { mono: 1, width: 200 }]) {
      const [left, right] = run(params);
      expectClose(left, combine(0.5, 0.5));
      expect(right).toEqual(left);
    }
  });

  it('doubles the side at 200 %', () => {
    const [left, right] = run({ width: 200 });
    expectClose(left, combine(1.5, -0.5));
    expectClose(right, combine(-0.5, 1.5));
  });

  it('balances along a cosine, the centre untouched', () => {
    for (const balance of [-100, -50, 30, 100]) {
      const [left, right] = run({ balance });
      const lost = Math.cos((Math.PI / 2) * (Math.abs(balance) / 100));
      expectClose(left, combine(balance > 0 ? lost : 1, 0));
      expectClose(right, combine(0, balance < 0 ? lost : 1));
    }
  });

  it('turns polarity, swaps sides, sets the level', () => {
    expectClose(run({ invL: 1 })[0], combine(-1, 0));
    expectClose(run({ invR: 1 })[1], combine(0, -1));
    const [left, right] = run({ swap: 1 });
    expectClose(left, INPUT_R);
    expectClose(right, INPUT_L);
    expectClose(run({ gain: -6 })[0], combine(gainOf(-6), 0));
  });

  it('brings the bass to the middle and leaves the rest wide', () => {
    const side = (frequency: number) => {
      const tone = sine(sampleRate, frequency, sampleRate, 0.5);
      const [left, right] = run({ bassOn: 1, bassFreq: 120 }, [tone, tone.map((x) => -x)]);
      const difference = left.map((x, i) => (x - (right[i] as number)) / 2);
      return dbOf(amplitudeAt(difference.subarray(sampleRate / 2), frequency, sampleRate) / 0.5);
    };
    expect(side(30)).toBeCloseTo(-24, 0);
    expect(side(120)).toBeCloseTo(-3, 1);
    expect(side(2000)).toBeCloseTo(0, 1);
    const middle = noise(4096);
    const [left] = run({ bassOn: 1 }, [middle, middle]);
    expectClose(left, middle);
  });
});
