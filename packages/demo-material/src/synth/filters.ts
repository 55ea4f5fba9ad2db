import { SAMPLE_RATE } from '../song.ts';

/**
 * A state-variable filter in the trapezoidal form (Zavalishin, "The Art of VA Filter Design", ch. 4): stays stable
 * while the cutoff moves. Gives low-pass, band-pass and high-pass at once.
 */
export function stateVariable(): (
  x: number,
  hertz: number,
  q: number,
) => { low: number; band: number; high: number } {
  let s1 = 0;
  let s2 = 0;
  let tuned = -1;
  let g = 0;
  const out = { low: 0, band: 0, high: 0 };
  return (x, hertz, q) => {
    if (hertz !== tuned) {
      tuned = hertz;
      g = Math.tan((Math.PI * Math.min(hertz, 0.45 * SAMPLE_RATE)) / SAMPLE_RATE);
    }
    const k = 1 / q;
    const high = (x - (k + g) * s1 - s2) / (1 + g * (g + k));
    const band = g * high + s1;
    const low = g * band + s2;
    s1 = g * high + band;
    s2 = g * band + low;
    out.low = low;
    out.band = band;
    out.high = high;
    return out;
  };
}
