/** The time of a render: seconds of the context, and how to wait for a moment in it. */
export interface RenderClock {
  now(): number;
  /** Whether audio flows. While it does not, changes need no fades, and waiting would never end. */
  running(): boolean;
  /** Resolves once the context has rendered past `time`, or as soon as it has stopped running. */
  until(time: number): Promise<void>;
}

/** Render quanta may be computed ahead of the time that the main thread reads. */
const MARGIN_SECONDS = 0.01;
const POLL_MS = 25;

/** The clock of a live context. It also lets go when `isAlive` says that the context is beyond hope. */
export function liveClock(context: AudioContext, isAlive: () => boolean): RenderClock {
  const running = () => context.state === 'running' && isAlive();
  return {
    now: () => context.currentTime,
    running,
    async until(time) {
      while (running() && context.currentTime < time + MARGIN_SECONDS) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}

/** An offline context renders only once everything is in place: nothing is ever faded or waited for. */
export const stillClock: RenderClock = {
  now: () => 0,
  running: () => false,
  until: async () => {},
};
