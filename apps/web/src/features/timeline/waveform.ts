import type { Peaks } from '../../session/peaks.ts';

const FULL_SCALE = 127;

/**
 * Lowest and highest value (−1…1) of frames [from, to). Runs longer than a peak take the extremes of all peaks they
 * meet; shorter ones interpolate between neighbours, so that a deep zoom shows slopes instead of stairs.
 */
export function extremes(peaks: Peaks, from: number, to: number): { min: number; max: number } {
  const { framesPerPeak, values } = peaks;
  const last = values.length / 2 - 1;
  if (last < 0) return { min: 0, max: 0 };
  if (to - from < framesPerPeak) {
    const position = Math.min(Math.max((from + to) / 2 / framesPerPeak - 0.5, 0), last);
    const k = Math.floor(position);
    const next = Math.min(k + 1, last);
    const t = position - k;
    const mix = (at: 0 | 1) =>
      ((values[2 * k + at] ?? 0) * (1 - t) + (values[2 * next + at] ?? 0) * t) / FULL_SCALE;
    return { min: mix(0), max: mix(1) };
  }
  const first = Math.max(0, Math.floor(from / framesPerPeak));
  const end = Math.min(last, Math.ceil(to / framesPerPeak) - 1);
  let min = FULL_SCALE;
  let max = -FULL_SCALE;
  for (let k = first; k <= end; k++) {
    min = Math.min(min, values[2 * k] ?? 0);
    max = Math.max(max, values[2 * k + 1] ?? 0);
  }
  return end < first ? { min: 0, max: 0 } : { min: min / FULL_SCALE, max: max / FULL_SCALE };
}

export interface WaveformArea {
  /** Pixels; only columns from `left` to `right` are drawn. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
  /** The asset's frame at a horizontal pixel. */
  frameAt(x: number): number;
  /** Linear. */
  readonly gain: number;
}

/** Drawn linearly, music at a healthy level is a thin line: quiet parts are lifted, full scale stays full scale. */
const LIFT = 0.7;
const lifted = (value: number): number => Math.sign(value) * Math.abs(value) ** LIFT;

/** Fills the outline of the waveform, one column per device pixel of width `step`. */
export function fillWaveform(
  ctx: CanvasRenderingContext2D,
  peaks: Peaks,
  area: WaveformArea,
  step: number,
): void {
  const middle = area.top + area.height / 2;
  const half = area.height / 2;
  const at = (value: number) => half * lifted(Math.max(-1, Math.min(1, value * area.gain)));
  const bottoms: [number, number][] = [];
  ctx.beginPath();
  ctx.moveTo(area.left, middle);
  for (let x = area.left; x <= area.right; x += step) {
    const { min, max } = extremes(peaks, area.frameAt(x), area.frameAt(x + step));
    // A hairline keeps silence visible.
    ctx.lineTo(x, middle - Math.max(at(max), 0.4));
    bottoms.push([x, middle - Math.min(at(min), -0.4)]);
  }
  for (const [x, y] of bottoms.reverse()) ctx.lineTo(x, y);
  ctx.closePath();
  ctx.fill();
}
