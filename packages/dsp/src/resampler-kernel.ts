/** Weighted sum of `taps` (even) values of x from `at` on, with weights from `row` on. */
export function dotMono(
  x: Float64Array,
  at: number,
  weights: Float64Array,
  row: number,
  taps: number,
): number {
  // Two sums at once hide the latency of the additions.
  let even = 0;
  let odd = 0;
  const end = row + taps;
  for (let i = row, j = at; i < end; i += 2, j += 2) {
    even += x[j]! * weights[i]!;
    odd += x[j + 1]! * weights[i + 1]!;
  }
  return even + odd;
}

/**
 * The same for two channels at once, written to left[n] and right[n]: loading each weight once almost doubles the
 * speed. Sums in the same order as `dotMono`.
 */
export function dotStereo(
  x: Float64Array,
  y: Float64Array,
  at: number,
  weights: Float64Array,
  row: number,
  taps: number,
  left: Float32Array,
  right: Float32Array,
  n: number,
): void {
  let xEven = 0;
  let xOdd = 0;
  let yEven = 0;
  let yOdd = 0;
  const end = row + taps;
  for (let i = row, j = at; i < end; i += 2, j += 2) {
    const even = weights[i]!;
    const odd = weights[i + 1]!;
    xEven += x[j]! * even;
    xOdd += x[j + 1]! * odd;
    yEven += y[j]! * even;
    yOdd += y[j + 1]! * odd;
  }
  left[n] = xEven + xOdd;
  right[n] = yEven + yOdd;
}
