/** One stage of an equaliser in its usual terms; `gainDb` means nothing to the cuts. */
export interface EqStage {
  readonly type: 'lowShelf' | 'highShelf' | 'peak' | 'lowCut' | 'highCut';
  readonly freq: number;
  readonly q: number;
  readonly gainDb: number;
}

/** |H|² of a second-order section, numerator and denominator by falling powers of s, at s = j·w. */
function power(
  b: readonly [number, number, number],
  a: readonly [number, number, number],
  w: number,
): number {
  const at = ([two, one, zero]: readonly [number, number, number]) =>
    (zero - two * w * w) ** 2 + (one * w) ** 2;
  return at(b) / at(a);
}

/** The analogue prototypes of the Audio EQ Cookbook (R. Bristow-Johnson), normalised to the stage's frequency. */
function stagePower({ type, q, gainDb }: EqStage, w: number): number {
  const a = 10 ** (gainDb / 40);
  const root = Math.sqrt(a) / q;
  switch (type) {
    case 'lowCut':
      return power([1, 0, 0], [1, 1 / q, 1], w);
    case 'highCut':
      return power([0, 0, 1], [1, 1 / q, 1], w);
    case 'peak':
      return power([1, a / q, 1], [1, 1 / (a * q), 1], w);
    case 'lowShelf':
      return a * a * power([1, root, a], [a, root, 1], w);
    case 'highShelf':
      return a * a * power([a, root, 1], [1, root, a], w);
  }
}

/**
 * Gain in dB of all stages together at `freq` (Hz). The bilinear transform of the digital filters is undone by warping
 * both frequencies, so the curve is the filter's own, up to half the sample rate.
 */
export function responseDb(stages: readonly EqStage[], freq: number, sampleRate: number): number {
  const warp = (hz: number) => Math.tan((Math.PI * Math.min(hz, 0.49 * sampleRate)) / sampleRate);
  const total = stages.reduce(
    (product, stage) => product * stagePower(stage, warp(freq) / warp(stage.freq)),
    1,
  );
  return 10 * Math.log10(total);
}
