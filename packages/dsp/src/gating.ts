/** BS.1770: LUFS of a mean square of K-weighted samples, summed over channels. */
export const toLufs = (meanSquare: number): number => -0.691 + 10 * Math.log10(meanSquare);
const fromLufs = (lufs: number): number => 10 ** ((lufs + 0.691) / 10);

const ABSOLUTE_GATE = fromLufs(-70);

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * Gated loudness in LUFS (BS.1770-4 §5.1): blocks over −70 LUFS, then those over 10 LU below their mean.
 * `blocks` are mean squares of 400 ms with 75 % overlap. null = nothing passes the gate (silence).
 */
export function gatedLoudness(blocks: readonly number[]): number | null {
  const audible = blocks.filter((z) => z > ABSOLUTE_GATE);
  if (audible.length === 0) return null;
  const relativeGate = mean(audible) / 10;
  return toLufs(mean(audible.filter((z) => z > relativeGate)));
}

/**
 * Loudness range in LU (EBU Tech 3342): spread between the 10th and the 95th percentile of the short-term loudness
 * that passes −70 LUFS and 20 LU below the mean. `blocks` are mean squares of 3 s. null = nothing to compare.
 */
export function loudnessRange(blocks: readonly number[]): number | null {
  const audible = blocks.filter((z) => z > ABSOLUTE_GATE);
  if (audible.length === 0) return null;
  const relativeGate = mean(audible) / 100;
  const gated = audible.filter((z) => z > relativeGate).sort((a, b) => a - b);
  const at = (share: number) => gated[Math.round((gated.length - 1) * share)]!;
  return toLufs(at(0.95)) - toLufs(at(0.1));
}

/** Mean squares of a sliding window of `length` steps, from the energy of each step (`stepFrames(i)` frames long). */
export function slidingMeanSquares(
  energies: readonly number[],
  length: number,
  stepFrames: (index: number) => number,
): number[] {
  const out: number[] = [];
  for (let end = length; end <= energies.length; end++) {
    let energy = 0;
    let frames = 0;
    for (let i = end - length; i < end; i++) {
      energy += energies[i]!;
      frames += stepFrames(i);
    }
    out.push(energy / frames);
  }
  return out;
}
