import { AssetPeaks } from '@mixdown/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dbToGain, gainToDb } from './gain.ts';
import { computePeaks, createPeaks } from './peaks.ts';
import { blockSizes, cutInto, sine } from './testing.ts';

const decode = (peaks: string) => [...new Int8Array(Buffer.from(peaks, 'base64'))];

it('holds the smallest and the largest sample of each run over all channels', () => {
  const left = Float32Array.of(0, 0.5, -0.25, 0.1, 1, 1);
  const right = Float32Array.of(-1, 0, 0, 0.2, 0.5, 0.5);
  const result = computePeaks([left, right], 2);
  expect(AssetPeaks.parse(result)).toEqual(result);
  expect(decode(result.peaks)).toEqual([-127, 64, -32, 25, 64, 127]);
});

it('counts a last run that is not full, and clips what is over full scale', () => {
  expect(decode(computePeaks([Float32Array.of(0, 0, 3)], 2).peaks)).toEqual([0, 0, 127, 127]);
  expect(computePeaks([new Float32Array(0)], 256).peaks).toBe('');
});

it('does not depend on the cut into blocks, for long audio too', () => {
  const x = sine(48_000, 30, -3, 2);
  const whole = computePeaks([x], 5);
  expect(decode(whole.peaks)).toHaveLength(2 * Math.ceil(x.length / 5));
  fc.assert(
    fc.property(blockSizes, (sizes) => {
      const collector = createPeaks(5);
      for (const block of cutInto([x], sizes)) collector.push(block);
      expect(collector.result()).toEqual(whole);
    }),
    { numRuns: 10 },
  );
});

it('converts decibels both ways', () => {
  expect(dbToGain(-6.0206)).toBeCloseTo(0.5, 5);
  expect(dbToGain(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(gainToDb(-0.5)).toBeCloseTo(-6.0206, 4);
  expect(gainToDb(0)).toBe(Number.NEGATIVE_INFINITY);
});
