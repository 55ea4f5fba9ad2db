import fc from 'fast-check';
import { dbToGain } from './gain.ts';

/** Sine of `dbfs` (peak; 0 = full scale) lasting `seconds`. */
export function sine(
  sampleRate: number,
  hz: number,
  dbfs: number,
  seconds: number,
  phase = 0,
): Float32Array {
  const out = new Float32Array(Math.round(seconds * sampleRate));
  const gain = dbToGain(dbfs);
  for (let i = 0; i < out.length; i++)
    out[i] = gain * Math.sin((2 * Math.PI * hz * i) / sampleRate + phase);
  return out;
}

/** The same with `frames` of linear fade at both ends: an abrupt edge overshoots between the samples. */
export const faded = (x: Float32Array, frames = 2000): Float32Array =>
  x.map((v, i) => v * Math.min(1, i / frames, (x.length - 1 - i) / frames));

export const concat = (parts: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

/** Root mean square in dB, relative to 1. */
export const rmsDb = (x: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! ** 2;
  return 10 * Math.log10(sum / x.length);
};

/** Cuts planar audio at arbitrary places, empty blocks among them. */
export const cutInto = (
  channels: readonly Float32Array[],
  sizes: readonly number[],
): Float32Array[][] => {
  const blocks: Float32Array[][] = [];
  const frames = channels[0]?.length ?? 0;
  let at = 0;
  for (let k = 0; at < frames; k++) {
    const size = sizes.length > 0 ? sizes[k % sizes.length]! : frames;
    blocks.push(channels.map((c) => c.subarray(at, at + size)));
    at += size;
  }
  return blocks;
};

/** Lists of block lengths that always get to the end. */
export const blockSizes: fc.Arbitrary<number[]> = fc
  .array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 8 })
  .filter((sizes) => sizes.some((s) => s > 0));
