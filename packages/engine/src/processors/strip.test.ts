import { describe, expect, it } from 'vitest';
import { createStereo, QUANTUM, type Stereo } from '../quantum.ts';
import { Strip } from './strip.ts';

const filled = (left: number, right: number): Stereo => {
  const block = createStereo(QUANTUM);
  block[0].fill(left);
  block[1].fill(right);
  return block;
};
const gains = (left: number, right: number) => ({
  left: Float32Array.of(left),
  right: Float32Array.of(right),
});

describe('Strip', () => {
  it('delays, then applies one gain to each side', () => {
    const strip = new Strip(3);
    const out = createStereo(QUANTUM);
    strip.process(filled(1, -1), out, gains(0.5, 0.25));
    expect([...out[0].subarray(0, 5)]).toEqual([0, 0, 0, 0.5, 0.5]);
    expect(out[1][3]).toBe(-0.25);
  });

  it('follows a ramp frame by frame', () => {
    const ramp = Float32Array.from({ length: QUANTUM }, (_, i) => i / QUANTUM);
    const out = createStereo(QUANTUM);
    new Strip(0).process(filled(1, 1), out, { left: ramp, right: Float32Array.of(1) });
    expect(out[0]).toEqual(ramp);
  });

  it('turns a closed track into plain zeros', () => {
    const out = createStereo(QUANTUM);
    new Strip(0).process(filled(-1, -1), out, gains(0, 0));
    expect(Object.is(out[0][0], 0)).toBe(true);
  });

  it('meters peak and RMS since the last reading', () => {
    const { meter } = new Strip(0);
    meter.push(filled(0.5, -0.25));
    meter.push(filled(0, 0));
    const { peak, rms } = meter.read();
    expect(peak).toEqual([0.5, 0.25]);
    expect(rms[0]).toBeCloseTo(Math.sqrt(0.125), 6);
    expect(meter.read()).toEqual({ peak: [0, 0], rms: [0, 0] });
  });
});
