import { createRandom } from './random.ts';

/** Noise that makes rounding errors independent of the signal, in units of the last bit (LSB). */
export interface Dither {
  /** The next value, −1 < x < 1, triangular density (variance 1/6 LSB²). */
  next(): number;
}

/**
 * TPDF dither: the sum of two independent uniform values, so that neither the mean nor the variance of the rounding
 * error depends on the signal (Lipshitz, Wannamaker and Vanderkooy 1992). One source serves all channels of a stream,
 * in interleaved order.
 */
export function createTpdfDither(seed: number): Dither {
  const random = createRandom(seed);
  return { next: () => random.next() - random.next() };
}
