import type { Clock } from '@mixdown/core';

/** Timers by name: one of each runs at a time, and none after the end. */
export function createTimers(clock: Clock) {
  const timers = new Map<string, () => void>();
  let closed = false;
  return {
    /** Unless it waits already. */
    later(name: string, run: () => void, ms: number): void {
      if (closed || timers.has(name)) return;
      const cancel = clock.setTimer(() => {
        timers.delete(name);
        run();
      }, ms);
      timers.set(name, cancel);
    },
    cancel(name: string): void {
      timers.get(name)?.();
      timers.delete(name);
    },
    close(): void {
      closed = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
