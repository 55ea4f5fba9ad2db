import { describe, expect, it } from 'vitest';
import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import { createNoise } from '../testing/noise.ts';
import { SlotOut } from './slot-out.ts';

const filled = (value: number): Stereo => {
  const block = createStereo(QUANTUM);
  block[0].fill(value);
  block[1].fill(value);
  return block;
};
const shares = (wet: number, dry: number) => ({
  wet: Float32Array.of(wet),
  dry: Float32Array.of(dry),
});
const noise = createNoise(3);
const random = (): Stereo => [
  Float32Array.from({ length: QUANTUM }, noise),
  Float32Array.from({ length: QUANTUM }, noise),
];

describe('SlotOut', () => {
  it('passes wet bit for bit at full wet, and dry bit for bit at full dry', () => {
    const [wet, dry, out] = [random(), random(), createStereo(QUANTUM)];
    const slot = new SlotOut(0);
    expect(slot.process(wet, dry, out, shares(1, 0))).toBeNull();
    expect(out).toEqual(wet);
    slot.process(wet, dry, out, shares(0, 1));
    expect(out).toEqual(dry);
  });

  it('mixes by ramps, frame by frame', () => {
    const wet = Float32Array.from({ length: QUANTUM }, (_, i) => i / QUANTUM);
    const dry = wet.map((x) => 1 - x);
    const out = createStereo(QUANTUM);
    new SlotOut(0).process(filled(3), filled(1), out, { wet, dry });
    expect(out[0][0]).toBe(1);
    expect(out[0][64]).toBe(2);
  });

  it('aligns dry with a plugin that delays', () => {
    const slot = new SlotOut(100);
    const out = createStereo(QUANTUM);
    slot.process(null, filled(1), out, shares(1, 0));
    expect([out[0][99], out[0][100]]).toEqual([0, 1]);
  });

  it.each([
    ['NaN', Number.NaN, 'non_finite'],
    ['infinity', Number.NEGATIVE_INFINITY, 'non_finite'],
    ['+60 dBFS', 1000.1, 'runaway'],
    ['the largest float', -3.4e38, 'runaway'],
  ])(
    'passes dry from the very quantum in which %s appears, until it recovers',
    (_, value, fault) => {
      const slot = new SlotOut(0);
      const out = createStereo(QUANTUM);
      const wet = filled(0.1);
      wet[1][127] = value;
      expect(slot.process(wet, filled(0.5), out, shares(1, 0))).toBe(fault);
      expect(out).toEqual(filled(0.5));
      expect(slot.process(filled(0.1), filled(0.5), out, shares(1, 0))).toBeNull();
      expect(out).toEqual(filled(0.5));
      slot.recover();
      slot.process(filled(0.1), filled(0.5), out, shares(1, 0));
      expect(out).toEqual(filled(Math.fround(0.1)));
    },
  );

  it('does not look at a plugin that is not heard', () => {
    const out = createStereo(QUANTUM);
    const slot = new SlotOut(0);
    expect(slot.process(filled(Number.NaN), filled(0.5), out, shares(0, 1))).toBeNull();
    expect(out).toEqual(filled(0.5));
    expect(slot.failed).toBe(false);
  });

  it('never puts out a negative zero', () => {
    const out = createStereo(QUANTUM);
    const slot = new SlotOut(0);
    for (const gains of [shares(1, 0), shares(0, 1), shares(0.5, 0.5)]) {
      slot.process(filled(-0), filled(-0), out, gains);
      expect(Object.is(out[0][0], 0)).toBe(true);
    }
  });
});
