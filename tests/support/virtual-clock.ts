import type { Clock } from '@mixdown/core';

interface Timer {
  readonly at: number;
  /** Timers of the same moment run in this order. */
  readonly order: number;
  run: (() => void) | null;
}

export interface VirtualClock extends Clock {
  /** Runs everything that is due within the next `ms`, in order; nothing waits for promises in between. */
  advance(ms: number): void;
  /** As `advance`, and after each timer lets the promises go on that it has settled. */
  advanceAsync(ms: number): Promise<void>;
  /** Timers that wait. */
  pending(): number;
}

/** Promise reactions that a timer may set off before the next one runs; a fixed number keeps runs repeatable. */
const TURNS = 12;

/** Time that passes only when told to. `tieBreak` (0 ≤ x < 1) shuffles what is due at the same moment. */
export function createVirtualClock(tieBreak?: () => number): VirtualClock {
  let now = 0;
  let made = 0;
  let waiting = 0;
  const heap: Timer[] = [];

  const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(timer: Timer): void {
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, heap[parent] as Timer)) break;
      heap[at] = heap[parent] as Timer;
      at = parent;
    }
    heap[at] = timer;
  }

  function pop(): Timer | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || top === last) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer))
        child += 1;
      if (!before(heap[child] as Timer, last)) break;
      heap[at] = heap[child] as Timer;
      at = child;
    }
    heap[at] = last;
    return top;
  }

  /** Runs the next timer due by `until`; false if there is none. */
  function step(until: number): boolean {
    while (heap[0] && heap[0].at <= until) {
      const timer = pop() as Timer;
      if (!timer.run) continue;
      now = Math.max(now, timer.at);
      const { run } = timer;
      timer.run = null;
      waiting -= 1;
      run();
      return true;
    }
    now = until;
    return false;
  }

  return {
    now: () => now,
    setTimer(run, ms) {
      made += 1;
      const order = tieBreak ? tieBreak() : made;
      const timer: Timer = { at: now + Math.max(0, ms), order, run };
      push(timer);
      waiting += 1;
      return () => {
        if (timer.run) waiting -= 1;
        timer.run = null;
      };
    },
    advance(ms) {
      const until = now + ms;
      while (step(until));
    },
    async advanceAsync(ms) {
      const until = now + ms;
      do for (let turn = 0; turn < TURNS; turn += 1) await null;
      while (step(until));
    },
    pending: () => waiting,
  };
}
