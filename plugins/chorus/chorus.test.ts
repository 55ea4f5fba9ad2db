import { both, impulse, rmsOf, sine, stereoNoise } from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { dbOf, leftOf, pluginUnderTest, responseDb } from '../src/testing.ts';

const chorus = await pluginUnderTest('mixdown.chorus');
const plain = { voices: 1, feedback: 0, lowCut: 20, tone: 20_000, spread: 0 };

/** Delay in ms of each click of a train, by the centre of gravity of its answer. */
function delays(out: Float32Array, every: number, sampleRate: number): number[] {
  const found: number[] = [];
  for (let at = 0; at + every <= out.length; at += every) {
    let [sum, weight] = [0, 0];
    for (let i = 0; i < every; i++) {
      const energy = (out[at + i] as number) ** 2;
      sum += i * energy;
      weight += energy;
    }
    found.push((1000 * sum) / weight / sampleRate);
  }
  return found;
}

describe.each([44_100, 48_000])('chorus at %i Hz', (sampleRate) => {
  const every = sampleRate / 20;
  const clicks = (seconds: number) =>
    Float32Array.from({ length: seconds * sampleRate }, (_, i) => (i % every === 0 ? 1 : 0));
  const run = (params: Record<string, number>, seconds: number) =>
    chorus.open({ sampleRate, params: { ...plain, ...params } }).run(both(clicks(seconds)));

  it('sways by the depth around the delay at the rate', () => {
    const rate = 0.5;
    const [left] = run({ rate, depth: 4, delay: 15 }, 4);
    delays(left, every, sampleRate).forEach((ms, n) => {
      // The click is read when it arrives, 15 ms later: the sway has gone on by then.
      const t = n / 20 + ms / 1000;
      expect(ms).toBeCloseTo(15 + 4 * Math.sin(2 * Math.PI * rate * t), 1);
    });
  });

  it('stands still without depth', () => {
    const [left] = run({ depth: 0, delay: 10 }, 1);
    for (const ms of delays(left, every, sampleRate)) expect(ms).toBeCloseTo(10, 1);
  });

  it('sways the other way on the right at 180°', () => {
    const [left, right] = run({ rate: 1, depth: 5, delay: 15, spread: 180 }, 2);
    const [l, r] = [delays(left, every, sampleRate), delays(right, every, sampleRate)];
    l.forEach((ms, n) => {
      expect((ms + (r[n] as number)) / 2).toBeCloseTo(15, 0);
    });
    expect(Math.max(...l.map((ms, n) => Math.abs(ms - (r[n] as number))))).toBeGreaterThan(8);
  });

  it('spreads its voices over the sway', () => {
    // A quarter turn apart: the four voices of a click come at four different times.
    const out = leftOf(
      chorus
        .open({ sampleRate, params: { ...plain, voices: 4, depth: 5, delay: 20, rate: 0.02 } })
        .run(both(impulse(sampleRate / 10))),
    );
    const peaks = [...out].filter(
      (x, i) => x > 0.2 && x >= (out[i - 1] ?? 0) && x > (out[i + 1] ?? 0),
    );
    // Two of the four stand at the middle at the start.
    expect(peaks.length).toBe(3);
  });

  it('is equally loud with any number of voices', () => {
    const input = stereoNoise(2 * sampleRate, { level: 0.5 });
    for (const voices of [1, 2, 3, 4]) {
      const params = { ...plain, voices, depth: 6, delay: 20, rate: 1 };
      const out = leftOf(chorus.open({ sampleRate, params }).run(input));
      const level = dbOf(rmsOf(out, sampleRate) / rmsOf(input[0]));
      expect(level, `${voices} voices`).toBeGreaterThan(-2.5);
      expect(level, `${voices} voices`).toBeLessThan(1.5);
    }
  });

  it('keeps highs while it moves', () => {
    const tone = sine(sampleRate, 10_000, sampleRate, 0.5);
    const params = { ...plain, depth: 3, rate: 1 };
    const out = leftOf(chorus.open({ sampleRate, params }).run(both(tone)));
    expect(dbOf(rmsOf(out, sampleRate / 2) / rmsOf(tone))).toBeGreaterThan(-2);
  });

  it('combs with feedback', () => {
    const params = { ...plain, depth: 0, delay: 10, feedback: 45 };
    const out = leftOf(chorus.open({ sampleRate, params }).run(both(impulse(sampleRate))));
    // Feedback of 0.45: 1 / (1 − 0.45) at multiples of 100 Hz, 1 / (1 + 0.45) between.
    expect(responseDb(out, 1000, sampleRate)).toBeCloseTo(dbOf(1 / 0.55), 0.5);
    expect(responseDb(out, 1050, sampleRate)).toBeCloseTo(dbOf(1 / 1.45), 0.5);
  });

  it('leaves lows out', () => {
    const params = { ...plain, depth: 0, lowCut: 1000 };
    const out = leftOf(chorus.open({ sampleRate, params }).run(both(impulse(sampleRate / 4))));
    expect(responseDb(out, 100, sampleRate)).toBeLessThan(-18);
  });
});
