export interface Press {
  /** Milliseconds. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
}

const WITHIN_MS = 350;
const WITHIN_PX = 14;

/**
 * Whether two presses are a double click or double tap. Counted here because phones do not send `dblclick` for
 * elements that keep their touches to themselves.
 */
export const isDoublePress = (first: Press | null, second: Press): boolean =>
  first !== null &&
  second.time - first.time <= WITHIN_MS &&
  Math.hypot(second.x - first.x, second.y - first.y) <= WITHIN_PX;
