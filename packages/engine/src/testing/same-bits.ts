/** The first frame in which two signals differ in any bit, as a sentence; null if there is none. */
export function firstDifference(
  a: readonly Float32Array[],
  b: readonly Float32Array[],
): string | null {
  for (let c = 0; c < Math.max(a.length, b.length); c++) {
    const x = a[c] ?? new Float32Array(0);
    const y = b[c] ?? new Float32Array(0);
    if (x.length !== y.length) return `channel ${c} has ${x.length} frames against ${y.length}`;
    const xs = new Uint32Array(x.buffer, x.byteOffset, x.length);
    const ys = new Uint32Array(y.buffer, y.byteOffset, y.length);
    const at = xs.findIndex((bits, i) => bits !== ys[i]);
    if (at >= 0) return `channel ${c} differs at frame ${at}: ${x[at]} against ${y[at]}`;
  }
  return null;
}
