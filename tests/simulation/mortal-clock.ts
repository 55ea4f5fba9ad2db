import type { Clock } from '@mixdown/core';

/** The time of something that can be killed: afterwards none of its timers runs. */
export function createMortalClock(clock: Clock): Clock & { kill(): void; alive(): boolean } {
  let alive = true;
  return {
    now: clock.now,
    setTimer: (run, ms) =>
      clock.setTimer(() => {
        if (alive) run();
      }, ms),
    kill() {
      alive = false;
    },
    alive: () => alive,
  };
}
