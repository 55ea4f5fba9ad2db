import type { ParamValues } from '@mixdown/contract';
import { type Frame, foldFrames } from './value-layers.ts';

/** So many frames without an acknowledgement, and the rest waits: each value's latest is kept, older ones are not. */
const MAX_UNACKNOWLEDGED = 100;

/** The frames of this hand under one fence that are not in the log as far as this page knows. */
export function createOwnFrames() {
  let fence = -1;
  let frames: Frame[] = [];
  let lastN = 0;
  /** Stored up to n, as the operation `seq`. */
  let acked = { n: 0, seq: 0 };

  return {
    fence: () => fence,
    all: (): readonly Frame[] => frames,
    lastN: () => lastN,
    isFull: () => frames.length >= MAX_UNACKNOWLEDGED,
    isAcked: (n: number | null) => n !== null && n <= acked.n,
    next(params: ParamValues): Frame {
      lastN += 1;
      const frame = { n: lastN, params };
      frames.push(frame);
      return frame;
    },
    /** A new fence, under which n frames are stored. */
    begin(newFence: number, n: number): void {
      fence = newFence;
      frames = [];
      lastN = n;
      acked = { n, seq: 0 };
    },
    /** Frames up to n are stored. False: known already. */
    ack(n: number, seq: number): boolean {
      if (n <= acked.n) return false;
      acked = { n, seq };
      lastN = Math.max(lastN, n);
      return true;
    },
    /** The log has the frames up to n. */
    logged(n: number): void {
      frames = frames.filter((frame) => frame.n > n);
      if (n > acked.n) acked = { n, seq: 0 };
    },
    /** Whether this page, which is at `seq` of the log, has seen there what is acknowledged; then those are let go. */
    settle(seq: number): boolean {
      if (acked.seq > seq) return false;
      frames = frames.filter((frame) => frame.n > acked.n);
      return true;
    },
    drop(n: number): void {
      frames = frames.filter((frame) => frame.n !== n);
    },
    fold: (n: number): ParamValues | null => foldFrames(frames, n),
    /** Whether one of the frames has said this. */
    said: (param: string, value: number | undefined) =>
      frames.some((frame) => Object.hasOwn(frame.params, param) && frame.params[param] === value),
  };
}
export type OwnFrames = ReturnType<typeof createOwnFrames>;
