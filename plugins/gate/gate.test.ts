import { both, noise, sine } from '@mixdown/wam-catalog/test-signals';
import { describe, expect, it } from 'vitest';
import { amplitudeAt, dbOf, gainOf, leftOf, pluginUnderTest } from '../src/testing.ts';

const gate = await pluginUnderTest('mixdown.gate');

describe.each([44_100, 48_000])('gate at %i Hz', (sampleRate) => {
  const ms = (t: number) => Math.round((t * sampleRate) / 1000);
  /** Levels in dB, each held for a time in ms, as DC: what the gate does to it is the gate's gain. */
  const steps = (...plan: [db: number, forMs: number][]) => {
    const parts = plan.map(([db, forMs]) => new Float32Array(ms(forMs)).fill(gainOf(db)));
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  const gains = (input: Float32Array, params: Record<string, number>) => {
    const out = leftOf(gate.open({ sampleRate, params }).run(both(input)));
    return out.map((x, i) => x / (input[i] as number));
  };
  const fast = { threshold: -40, hysteresis: 6, range: -60, attack: 0.05, hold: 0, release: 5 };

  it('opens above the threshold and not below', () => {
    expect(dbOf(gains(steps([-41, 200]), fast).at(-1) as number)).toBeCloseTo(-60, 1);
    expect(gains(steps([-39, 200]), fast).at(-1)).toBeCloseTo(1, 4);
  });

  it('stays open within the hysteresis and closes below it', () => {
    const inside = gains(steps([-30, 100], [-44, 400]), fast);
    expect(inside.at(-1)).toBeCloseTo(1, 4);
    const below = gains(steps([-30, 100], [-48, 400]), fast);
    expect(dbOf(below.at(-1) as number)).toBeCloseTo(-60, 0);
  });

  it('does not open again within the hysteresis', () => {
    const again = gains(steps([-30, 100], [-70, 200], [-42, 200]), fast);
    expect(dbOf(again.at(-1) as number)).toBeCloseTo(-60, 0);
  });

  it('holds for the hold time', () => {
    const hold = 200;
    // The envelope takes its own time from −30 to −46 dB: 16 dB at 6 ms per 8.7 dB.
    const falls = 6 * Math.log(gainOf(16));
    const gain = gains(steps([-30, 100], [-70, 600]), { ...fast, hold });
    const closes = ms(100) + ms(falls) + ms(hold);
    expect(gain[closes - ms(1)]).toBeCloseTo(1, 4);
    expect(gain[closes + ms(2)]).toBeLessThan(0.9);
  });

  it.each([1, 20])('covers 63 percent of the way within an attack of %f ms', (attack) => {
    const gain = gains(steps([-10, 200]), { ...fast, range: -90, attack });
    expect(gain[ms(attack) - 1]).toBeCloseTo(1 - Math.exp(-1), 1);
  });

  it('closes by 63 % within the release', () => {
    const gain = gains(steps([-30, 100], [-80, 900]), { ...fast, range: -90, release: 100 });
    const starts = gain.findIndex((g, i) => i > ms(100) && g < 0.999);
    expect(gain[starts + ms(100)]).toBeCloseTo(Math.exp(-1), 1);
  });

  it('is silent at the bottom of its range', () => {
    const out = leftOf(
      gate
        .open({ sampleRate, params: { ...fast, range: -90 } })
        .run(both(noise(4096, { level: 1e-3 }))),
    );
    expect(out.every((x) => x === 0)).toBe(true);
  });

  it('opens both sides together', () => {
    const quiet = new Float32Array(ms(100)).fill(0.001);
    const loud = new Float32Array(ms(100)).fill(0.5);
    const [left, right] = gate.open({ sampleRate, params: fast }).run([quiet, loud]);
    expect(left.at(-1)).toBeCloseTo(0.001, 6);
    expect(right.at(-1)).toBeCloseTo(0.5, 4);
  });

  it('ignores rumble with the detector’s low cut', () => {
    const rumble = sine(sampleRate, 30, sampleRate, 0.1);
    const level = (scOn: number) => {
      const params = { ...fast, hold: 100, scOn, scFreq: 1000 };
      const out = leftOf(gate.open({ sampleRate, params }).run(both(rumble)));
      return dbOf(amplitudeAt(out.subarray(sampleRate / 2), 30, sampleRate));
    };
    expect(level(0)).toBeCloseTo(-20, 1);
    expect(level(1)).toBeLessThan(-70);
  });
});
