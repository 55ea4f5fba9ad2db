import type { Stereo } from './run-plugin.ts';

/** White noise between −level and level, the same for the same seed on every machine (xorshift32). */
export function noise(frames: number, { seed = 1, level = 1 } = {}): Float32Array {
  const out = new Float32Array(frames);
  let x = seed * 2654435761 || 1;
  for (let i = 0; i < frames; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    out[i] = (x / 2147483648) * level;
  }
  return out;
}

/** Two independent noises. */
export const stereoNoise = (frames: number, { seed = 1, level = 1 } = {}): Stereo => [
  noise(frames, { seed: seed * 2, level }),
  noise(frames, { seed: seed * 2 + 1, level }),
];

/** `level` is the peak. */
export function sine(
  frames: number,
  frequency: number,
  sampleRate: number,
  level = 1,
): Float32Array {
  const step = (2 * Math.PI * frequency) / sampleRate;
  return Float32Array.from({ length: frames }, (_, i) => level * Math.sin(step * i));
}

/** One frame of `level`, then silence. */
export function impulse(frames: number, level = 1): Float32Array {
  const out = new Float32Array(frames);
  out[0] = level;
  return out;
}

export const both = (signal: Float32Array): Stereo => [signal, signal];

export const silence = (frames: number): Stereo => [
  new Float32Array(frames),
  new Float32Array(frames),
];

/** Largest magnitude; NaN if there is a NaN. */
export function peakOf(signal: Float32Array, from = 0, to = signal.length): number {
  let peak = 0;
  for (let i = from; i < to; i++) {
    const size = Math.abs(signal[i] as number);
    if (!(size <= peak)) peak = size;
    if (Number.isNaN(peak)) return peak;
  }
  return peak;
}

export function rmsOf(signal: Float32Array, from = 0, to = signal.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (signal[i] as number) ** 2;
  return Math.sqrt(sum / (to - from));
}

/** Bit for bit. */
export const sameBits = (a: Stereo, b: Stereo): boolean =>
  a.every((channel, c) => {
    const other = b[c] as Float32Array;
    const [x, y] = [new Uint32Array(channel.buffer), new Uint32Array(other.buffer)];
    return x.length === y.length && x.every((bits, i) => bits === y[i]);
  });
