import { createRandom } from '@mixdown/dsp';
import { describe, expect, it } from 'vitest';
import { metered } from '../measure/metered.ts';
import { findLevel, isAsMixed, levelled, MOST_LIMITING_DB, MOST_PASSES } from './level.ts';

const RATE = 48_000;
const FRAMES = 6 * RATE;

/** Noise with a beat of peaks `crest` times as loud, one in 250 ms. */
const mixOf = (level: number, crest: number) => {
  const random = createRandom(3);
  const side = () =>
    Float32Array.from({ length: FRAMES }, (_, i) => {
      const hit = i % 12_000 < 100 ? crest : 1;
      return level * hit * (2 * random.next() - 1);
    });
  const channels = [side(), side()];
  let reads = 0;
  return {
    reads: () => reads,
    async *read() {
      reads++;
      for (let at = 0; at < FRAMES; at += 8192)
        yield channels.map((samples) => samples.slice(at, at + 8192));
    },
  };
};
async function measure(blocks: AsyncIterable<Float32Array[]>) {
  const meter = metered(blocks, RATE);
  let frames = 0;
  for await (const [left] of meter) frames += left?.length ?? 0;
  return { frames, ...meter.measurement() };
}
async function bring(mix: ReturnType<typeof mixOf>, lufs: number, ceilingDbtp = -1) {
  const before = await measure(mix.read());
  const reads = mix.reads();
  const target = { lufs, ceilingDbtp };
  const level = await findLevel(before, target, { read: mix.read, sampleRate: RATE });
  const passes = mix.reads() - reads;
  return { before, level, passes, after: await measure(levelled(mix.read(), level, RATE)) };
}

describe('findLevel', () => {
  it('needs a gain alone where the peaks leave room', async () => {
    const { level, passes, after } = await bring(mixOf(0.05, 1), -20);
    expect([level.limitDbtp, passes]).toEqual([null, 0]);
    expect(after.integratedLufs).toBeCloseTo(-20, 2);
  });

  it('limits peaks that would pass the ceiling, and comes out at the loudness all the same', async () => {
    const { before, level, passes, after } = await bring(mixOf(0.1, 6), -15);
    const room = -1 - (before.truePeakDbtp ?? 0);
    expect(-15 - (before.integratedLufs ?? 0)).toBeGreaterThan(room + 2);
    expect(level.limitDbtp).toBe(-1);
    expect(passes).toBeLessThanOrEqual(MOST_PASSES);
    expect(Math.abs((after.integratedLufs ?? 0) + 15)).toBeLessThan(0.1);
    expect(after.truePeakDbtp).toBeLessThanOrEqual(-1);
    expect(after.truePeakDbtp).toBeGreaterThan(-1.5);
    expect(after.frames).toBe(FRAMES);
  });

  it('takes no more off the peaks than would still be the same mix', async () => {
    const { before, level, after } = await bring(mixOf(0.02, 40), -6);
    expect(level.gainDb).toBeCloseTo(-1 - (before.truePeakDbtp ?? 0) + MOST_LIMITING_DB, 6);
    expect(after.integratedLufs).toBeLessThan(-7);
    expect(after.truePeakDbtp).toBeLessThanOrEqual(-1);
  });

  it('holds the ceiling where the loudness is right already', async () => {
    const mix = mixOf(0.1, 12);
    const { integratedLufs } = await measure(mix.read());
    const { level, after } = await bring(mix, integratedLufs ?? 0);
    expect(isAsMixed(level)).toBe(false);
    expect(after.truePeakDbtp).toBeLessThanOrEqual(-1);
  });

  it('leaves silence alone, and what is to stay as mixed', async () => {
    const silence = { integratedLufs: null, truePeakDbtp: null };
    const { read } = mixOf(0.1, 1);
    const o = { read, sampleRate: RATE };
    expect(isAsMixed(await findLevel(silence, { lufs: -14, ceilingDbtp: -1 }, o))).toBe(true);
    const measured = { integratedLufs: -20, truePeakDbtp: 3 };
    expect(isAsMixed(await findLevel(measured, null, o))).toBe(true);
  });
});
