import type { Dither } from './dither.ts';

/** Nearest integer; halves go to the even one, so that rounding adds no offset. */
function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/**
 * Planar float samples (full scale ±1) → interleaved integers of `bits` bits: v = round(x · 2^(bits−1) + dither),
 * clipped to −2^(bits−1) … 2^(bits−1) − 1, so that integers decoded as v / 2^(bits−1) come back unchanged.
 * NaN becomes 0. `out` (frames × channels) is reused if given.
 */
export function quantiseToInt(
  block: readonly Float32Array[],
  bits: number,
  dither: Dither | null,
  out?: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  const channels = block.length;
  const frames = block[0]?.length ?? 0;
  const result = out ?? new Int32Array(frames * channels);
  if (result.length < frames * channels) throw new RangeError('the output array is too short');
  const scale = 2 ** (bits - 1);
  const max = scale - 1;
  let at = 0;
  for (let i = 0; i < frames; i++) {
    for (let c = 0; c < channels; c++) {
      const x = block[c]![i]! * scale;
      const v = roundHalfEven(dither ? x + dither.next() : x);
      result[at++] = Math.max(-scale, Math.min(max, v));
    }
  }
  return result;
}
