import { both, impulse, noise, type Stereo, sine } from '@mixdown/wam-catalog/node';
import { describe, expect, it } from 'vitest';
import {
  amplitudeAt,
  dbOf,
  impulseResponse,
  leftOf,
  pluginUnderTest,
  responseDb,
} from '../src/testing.ts';

const delay = await pluginUnderTest('mixdown.delay');
/** Nothing but the delay: tone and low cut open, no warmth. */
const plain = { feedback: 0, tone: 20_000, lowCut: 20, warm: 0 };

/** Frames at which a signal stands out, and how much. */
const echoes = (signal: Float32Array, threshold = 0.05): [frame: number, level: number][] =>
  [...signal].flatMap((x, i) => (Math.abs(x) > threshold ? [[i, x] as [number, number]] : []));

describe.each([44_100, 48_000])('delay at %i Hz', (sampleRate) => {
  const frames = (ms: number) => Math.round((ms * sampleRate) / 1000);
  const answer = (
    params: Record<string, number>,
    input: Stereo = both(impulse(2 * sampleRate + 1)),
  ) => delay.open({ sampleRate, params: { ...plain, ...params } }).run(input);

  it.each([1, 10, 333.3, 500, 2000])(
    'delays by %f ms to the sample, each side by its own time',
    (ms) => {
      const [left, right] = answer({ timeL: ms, timeR: 100 });
      expect(echoes(left).map(([at]) => at)).toEqual([frames(Math.fround(ms))]);
      expect(echoes(right).map(([at]) => at)).toEqual([frames(100)]);
      expect(left[frames(ms)]).toBeGreaterThan(0.99);
    },
  );

  it('repeats at whole multiples, each by the feedback quieter', () => {
    const [left] = answer({ timeL: 100, feedback: 50 });
    const heard = echoes(left, 0.05);
    expect(heard.slice(0, 4).map(([at]) => at)).toEqual([1, 2, 3, 4].map((n) => n * frames(100)));
    heard.slice(0, 4).forEach(([, level], n) => {
      // The low cut at 20 Hz takes a quarter of a percent per round.
      expect(level).toBeCloseTo(0.5 ** n, 1.5);
    });
  });

  it('puts out the effect alone', () => {
    const [left] = answer({ timeL: 500 });
    expect(left.subarray(0, frames(500)).every((x) => x === 0)).toBe(true);
  });

  it('bounces from left to right and back', () => {
    const input: Stereo = [impulse(sampleRate), new Float32Array(sampleRate)];
    const [left, right] = answer({ timeL: 100, timeR: 150, feedback: 50, pingpong: 1 }, input);
    expect(echoes(left, 0.05).map(([at]) => at)).toEqual([100, 350, 600].map(frames).slice(0, 2));
    expect(
      echoes(right, 0.05)
        .map(([at]) => at)
        .slice(0, 2),
    ).toEqual([frames(250), frames(500)]);
  });

  it('darkens each round by its tone', () => {
    const tone = 2000;
    const [left] = answer({ timeL: 100, feedback: 90, tone });
    const round = (n: number) => left.slice(n * frames(100), (n + 1) * frames(100));
    for (const n of [1, 2, 3]) {
      const loss = responseDb(round(n), 100, sampleRate) - responseDb(round(n), tone, sampleRate);
      expect(loss / n, `round ${n}`).toBeGreaterThan(2.5);
      expect(loss / n, `round ${n}`).toBeLessThan(3.6);
    }
  });

  it('takes out lows by its low cut', () => {
    const response = impulseResponse(
      delay.open({ sampleRate, params: { ...plain, timeL: 10, lowCut: 1000 } }),
      sampleRate,
    );
    expect(responseDb(response, 1000, sampleRate)).toBeGreaterThan(-4);
    expect(responseDb(response, 1000, sampleRate)).toBeLessThan(-2.5);
    expect(responseDb(response, 100, sampleRate)).toBeLessThan(-18);
  });

  it('adds odd harmonics when warm, none when not', () => {
    const third = (warm: number) => {
      const input = both(sine(sampleRate, 500, sampleRate, 0.7));
      const out = leftOf(answer({ timeL: 10, warm }, input)).subarray(sampleRate / 2);
      return dbOf(amplitudeAt(out, 1500, sampleRate) / amplitudeAt(out, 500, sampleRate));
    };
    expect(third(0)).toBeLessThan(-120);
    expect(third(100)).toBeGreaterThan(-35);
  });

  it('narrows to mono and leaves sides alone at 100 %', () => {
    const input: Stereo = [noise(sampleRate / 2, { seed: 1 }), noise(sampleRate / 2, { seed: 2 })];
    const mono = answer({ timeL: 50, timeR: 50, width: 0 }, input);
    expect(mono[0]).toEqual(mono[1]);
  });

  it('fades to a new time without a click', () => {
    const plugin = delay.open({ sampleRate, params: { ...plain, timeL: 300 } });
    const input = sine(2 * sampleRate, 200, sampleRate, 0.5);
    const [left] = plugin.run(both(input), {
      onQuantum: (frame) => {
        if (frame >= sampleRate) plugin.handle.parameters.timeL?.fill(417.3);
      },
    });
    let largest = 0;
    for (let i = sampleRate / 2; i < left.length; i++) {
      largest = Math.max(largest, Math.abs((left[i] as number) - (left[i - 1] as number)));
    }
    // A sine of 200 Hz moves by 0.5 · 2π · 200 / rate a frame; the fade of 20 ms adds at most 1 / (20 ms).
    const slope = (0.5 * 2 * Math.PI * 200) / sampleRate;
    expect(largest).toBeLessThan(slope + 1 / (0.02 * sampleRate));
    const late = left.subarray(sampleRate + frames(600), sampleRate + frames(700));
    const shift = sampleRate + frames(600) - frames(417.3);
    late.forEach((x, i) => {
      expect(x).toBeCloseTo(input[shift + i] as number, 1);
    });
  });
});
