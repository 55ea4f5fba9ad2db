/** Second-order section, normalised to a0 = 1. */
export interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/**
 * The two filters of ITU-R BS.1770's K-weighting at any sample rate. The standard tabulates coefficients for 48 kHz
 * only; these are the analogue prototypes behind that table (a high shelf of +4 dB above 1.68 kHz and a high-pass at
 * 38 Hz), brought to the rate by the bilinear transform. At 48 kHz they equal the table to all its digits.
 */
export function kWeighting(sampleRate: number): { shelf: Biquad; highPass: Biquad } {
  return { shelf: shelf(sampleRate), highPass: highPass(sampleRate) };
}

function shelf(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  };
}

function highPass(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  // The standard's numerator is 1, −2, 1 without normalisation by a0.
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 };
}

/** Below this a filter memory is set to zero: subnormal numbers are many times slower and carry nothing. */
const INAUDIBLE = 1e-30;
const settle = (z: number) => (Math.abs(z) < INAUDIBLE ? 0 : z);

export interface KWeightedEnergy {
  /** Filters `samples[from…to)` and adds their squares to the energy; filter memory carries over between calls. */
  add(samples: Float32Array, from: number, to: number): void;
  /** The energy (sum of squares) added since the last call, and starts again from 0. */
  take(): number;
}

/** One channel's K-weighting filter with its memory. Nothing depends on how the samples are cut into calls. */
export function createKWeightedEnergy(sampleRate: number): KWeightedEnergy {
  const { shelf: s, highPass: h } = kWeighting(sampleRate);
  let s1 = 0;
  let s2 = 0;
  let h1 = 0;
  let h2 = 0;
  let energy = 0;
  return {
    add(samples, from, to) {
      const { b0, b1, b2, a1, a2 } = s;
      const { a1: c1, a2: c2 } = h;
      let x1 = s1;
      let x2 = s2;
      let y1 = h1;
      let y2 = h2;
      let sum = energy;
      for (let i = from; i < to; i++) {
        const x = samples[i]!;
        const v = b0 * x + x1;
        x1 = b1 * x - a1 * v + x2;
        x2 = b2 * x - a2 * v;
        const y = v + y1;
        y1 = -2 * v - c1 * y + y2;
        y2 = v - c2 * y;
        sum += y * y;
      }
      s1 = x1;
      s2 = x2;
      h1 = y1;
      h2 = y2;
      energy = sum;
    },
    take() {
      const taken = energy;
      energy = 0;
      s1 = settle(s1);
      s2 = settle(s2);
      h1 = settle(h1);
      h2 = settle(h2);
      return taken;
    },
  };
}
