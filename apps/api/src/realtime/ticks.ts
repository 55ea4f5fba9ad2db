import { TICK_MS } from '@mixdown/contract';
import { type Clock, systemClock } from '@mixdown/core';

/** Timers come early by as long as the event loop was busy when they were set. */
const EARLY_MS = 4;

/**
 * What a node does again and again, it does for all its rooms and hands at the same moments, so that it wakes up once:
 * at the multiples of TICK_MS. The first of them that is not before `at`.
 */
export const momentFrom = (at: number): number => Math.ceil((at - EARLY_MS) / TICK_MS) * TICK_MS;

/** For how many ms to set a timer; 0: the moment is now, or over. */
export const until = (moment: number, now: number): number =>
  moment - now > EARLY_MS ? moment - now : 0;

/** The machine's time; what is due at once runs when the sockets of this turn of the event loop have been read. */
export const turnClock: Clock = {
  now: systemClock.now,
  setTimer(run, ms) {
    if (ms > 0) return systemClock.setTimer(run, ms);
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  },
};
