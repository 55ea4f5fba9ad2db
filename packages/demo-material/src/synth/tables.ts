/**
 * Sine and exponential from tables with linear interpolation: errors stay below −100 dB, and the song takes a fraction
 * of the time that tens of millions of `Math` calls need.
 */
const SIZE = 8192;
const SINE = Float64Array.from({ length: SIZE + 2 }, (_, i) => Math.sin((2 * Math.PI * i) / SIZE));

/** sin(2π · turns), for any finite `turns`. */
export function sineOf(turns: number): number {
  const place = (turns - Math.floor(turns)) * SIZE;
  const i = place | 0;
  const a = SINE[i] as number;
  return a + ((SINE[i + 1] as number) - a) * (place - i);
}

/** Times of 60 dB that the table reaches: −180 dB, below the quietest bit of float32 audio. */
const REACH = 3;
const FALL = Float64Array.from({ length: SIZE + 2 }, (_, i) => 10 ** ((-3 * REACH * i) / SIZE));

/** 10^(−3 · x): down by 60 dB at x = 1; 0 beyond −180 dB. */
export function fallOf(x: number): number {
  if (x >= REACH) return 0;
  const place = (x * SIZE) / REACH;
  const i = place | 0;
  const a = FALL[i] as number;
  return a + ((FALL[i + 1] as number) - a) * (place - i);
}
