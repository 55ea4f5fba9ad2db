/** A moment on a line: value at a time in seconds. */
export interface Point {
  readonly time: number;
  readonly value: number;
}

/** Now (s), and the time (s) up to which the render thread may have got already: a new ramp begins there. */
export interface Moment {
  readonly now: number;
  readonly begin: number;
}

/** The value at `time` of a line through `points` (ascending); constant before the first and after the last. */
export function valueOnLine(points: readonly Point[], time: number): number {
  const next = points.findIndex((point) => point.time > time);
  if (next < 0) return points.at(-1)?.value ?? 0;
  const b = points[next] as Point;
  const a = points[next - 1];
  if (!a) return b.value;
  return a.value + ((b.value - a.value) * (time - a.time)) / (b.time - a.time);
}

/**
 * The line to `target` from wherever `points` is: as it was until the moment's `begin`, then straight to the
 * target within `seconds`. Nothing that may have been rendered already changes, so there is never a step.
 */
export function retarget(
  points: readonly Point[],
  { now, begin }: Moment,
  ramp: { target: number; seconds: number },
): Point[] {
  const past = points.findLastIndex((point) => point.time <= now);
  return [
    ...points.slice(Math.max(0, past)).filter((point) => point.time < begin),
    { time: begin, value: valueOnLine(points, begin) },
    { time: begin + ramp.seconds, value: ramp.target },
  ];
}

/** Less than a frame at any rate (s). */
const INSTANT = 1e-6;

/**
 * Moves an AudioParam along lines. Keeps its own account of where the parameter is, because browsers disagree on
 * whether `param.value` follows automation, and not all can cancel and hold.
 */
export class RampedParam {
  readonly #param: AudioParam;
  #points: readonly Point[];

  constructor(param: AudioParam, value: number) {
    this.#param = param;
    this.#points = [{ time: 0, value }];
  }

  /** Where the parameter is heading. */
  get target(): number {
    return (this.#points.at(-1) as Point).value;
  }

  /** Jumps at once. */
  set(value: number, now: number): void {
    this.#param.cancelScheduledValues(0);
    this.#param.setValueAtTime(value, now);
    this.#points = [{ time: now, value }];
  }

  /** Goes to `value` within `seconds`; returns the time (s) at which it is there. */
  ramp(value: number, moment: Moment, seconds: number): number {
    this.#points = retarget(this.#points, moment, { target: value, seconds });
    const [begin, end] = this.#points.slice(-2) as [Point, Point];
    // The new corner lies on the old line, so that before it nothing ever changes, not even for the blink of an eye
    // between two of these calls. An anchor at the current time would: browsers may put it one frame too late.
    this.#param.linearRampToValueAtTime(begin.value, begin.time);
    this.#param.cancelScheduledValues(begin.time + INSTANT);
    this.#param.linearRampToValueAtTime(end.value, end.time);
    return end.time;
  }
}
