import type { Clip } from '@mixdown/contract';
import { beatSeconds, snap } from './time-scale.ts';

/** Pointers tremble: less than this is a click, not a drag. */
export const DRAG_THRESHOLD_PX = 4;

export interface DragInput {
  /** Pixels from where the pointer went down. */
  readonly dx: number;
  readonly pixelsPerSecond: number;
  readonly sampleRate: number;
  readonly tempo: number;
  /** False while Alt is held. */
  readonly snapToBeat: boolean;
}

/** The first frame of a clip that was taken at `startFrame` and dragged by `dx`. */
export function draggedStart(startFrame: number, o: DragInput): number {
  const seconds = startFrame / o.sampleRate + o.dx / o.pixelsPerSecond;
  const placed = o.snapToBeat ? snap(seconds, beatSeconds(o.tempo)) : Math.max(0, seconds);
  return Math.round(placed * o.sampleRate);
}

/** Fine moves by key are this long: below what an ear takes for a different rhythm. */
const FINE_SECONDS = 0.01;

/** The first frame after one press of an arrow key: a beat onwards on the grid, or 10 ms with `fine`. */
export function nudgedStart(
  clip: Pick<Clip, 'startFrame'>,
  direction: 1 | -1,
  o: { readonly fine: boolean; readonly tempo: number; readonly sampleRate: number },
): number {
  const seconds = clip.startFrame / o.sampleRate;
  const grid = beatSeconds(o.tempo);
  const beat = seconds / grid;
  // A hair of tolerance, since frames are whole numbers and beats are not.
  const next = direction > 0 ? Math.floor(beat + 1e-4) + 1 : Math.ceil(beat - 1e-4) - 1;
  const target = o.fine ? seconds + direction * FINE_SECONDS : next * grid;
  return Math.max(0, Math.round(target * o.sampleRate));
}
