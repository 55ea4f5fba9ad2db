/** Time as a protocol sees it, so that a test or a simulation can bring its own. */
export interface Clock {
  /** Milliseconds, monotonic, from an arbitrary start. */
  now(): number;
  /** Runs once after `ms`; the result cancels it. */
  setTimer(run: () => void, ms: number): () => void;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(run, ms) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
