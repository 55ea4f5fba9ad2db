/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** Shape parameter of the Kaiser window whose side lobes lie `attenuationDb` (> 50) down (Kaiser 1974). */
export const kaiserBeta = (attenuationDb: number): number => 0.1102 * (attenuationDb - 8.7);

/**
 * Length in samples of a Kaiser-windowed low-pass with the given stop-band attenuation and a transition band of
 * `transition` (as a share of the sample rate).
 */
export const kaiserLength = (attenuationDb: number, transition: number): number =>
  (attenuationDb - 7.95) / (2.285 * 2 * Math.PI * transition);

/** Returns the Kaiser window w(x) on −1 ≤ x ≤ 1 (0 outside). */
export function kaiserWindow(beta: number): (x: number) => number {
  const scale = 1 / besselI0(beta);
  return (x) => (Math.abs(x) > 1 ? 0 : besselI0(beta * Math.sqrt(1 - x * x)) * scale);
}

/** sin(πx) / πx. */
export const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
