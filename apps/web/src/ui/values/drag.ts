import { fromNormalized, quantise, toNormalized } from '@mixdown/core';
import type { ValueSpec } from './value-spec.ts';

/** Pixels of a drag over the whole range of a knob. */
export const KNOB_TRAVEL_PX = 200;
/** Share of the movement that counts while Shift is held. */
export const FINE = 0.1;

/** A hand on a value: `travel` is where it stands, 0…1, finer than the steps that the value takes. */
export interface Drag {
  readonly startValue: number;
  readonly travel: number;
  /** Where the pointer was last, in px, growing with the value. */
  readonly at: number;
  readonly value: number;
}

export const beginDrag = (spec: ValueSpec, value: number, at: number): Drag => ({
  startValue: value,
  travel: toNormalized(spec, value),
  at,
  value,
});

/**
 * The drag after the pointer moved to `at`. Only the way since the last event counts, so neither pressing or letting go
 * of Shift nor turning round beyond an end ever makes the value jump.
 */
export function moveDrag(
  spec: ValueSpec,
  drag: Drag,
  at: number,
  o: { readonly fine: boolean; readonly travelPx?: number },
): Drag {
  const way = ((at - drag.at) / (o.travelPx ?? KNOB_TRAVEL_PX)) * (o.fine ? FINE : 1);
  const travel = Math.min(1, Math.max(0, drag.travel + way));
  // A press without a movement must not round a value that was set elsewhere.
  const value = way === 0 ? drag.value : quantise(spec, fromNormalized(spec, travel));
  return { ...drag, travel, at, value };
}
