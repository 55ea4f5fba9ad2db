import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import { createNoise } from '../testing/noise.ts';
import { IntegerDelay } from './integer-delay.ts';

function run(
  delay: IntegerDelay,
  input: Float32Array,
  before: (quantum: number) => void = () => {},
) {
  const output = new Float32Array(input.length);
  const block = createStereo(QUANTUM);
  for (let q = 0; q * QUANTUM < input.length; q++) {
    before(q);
    const part = input.subarray(q * QUANTUM, (q + 1) * QUANTUM);
    delay.process([part, part] as Stereo, block);
    output.set(block[0], q * QUANTUM);
  }
  return output;
}
const noise = (quanta: number) => Float32Array.from({ length: quanta * QUANTUM }, createNoise(7));

describe('IntegerDelay', () => {
  it('delays by exactly its frames', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (frames) => {
        const input = noise(12);
        const output = run(new IntegerDelay(frames), input);
        expect(output.subarray(frames)).toEqual(input.subarray(0, input.length - frames));
        expect(output.subarray(0, frames).every((x) => x === 0)).toBe(true);
      }),
    );
  });

  it('changes to any other delay without a step, and is exact afterwards', () => {
    const frames = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(frames, frames, (from, to) => {
        const delay = new IntegerDelay(from, 2000);
        const ones = new Float32Array(40 * QUANTUM).fill(1);
        run(delay, ones);
        delay.setFrames(to);
        const output = run(delay, ones);
        const steepest = output.reduce(
          (most, x, i) => Math.max(most, Math.abs(x - (output[i - 1] ?? 1))),
          0,
        );
        expect(steepest).toBeLessThan(1e-6);
        const input = noise(40);
        const later = run(delay, input);
        expect(later.subarray(to + 1000)).toEqual(input.subarray(1000, input.length - to));
      }),
      { numRuns: 40 },
    );
  });

  it('forgets everything at a reset', () => {
    const delay = new IntegerDelay(300);
    run(delay, noise(4));
    delay.reset();
    expect(run(delay, new Float32Array(8 * QUANTUM)).every((x) => x === 0)).toBe(true);
  });
});
