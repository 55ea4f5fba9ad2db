import type { Moment } from './ramped-param.ts';

/** The time of a render: seconds of the context, and how to wait for a moment in it. */
export interface RenderClock {
  now(): number;
  /** Now, and from when on a change is sure not to have been rendered without it. */
  moment(): Moment;
  /** Whether audio flows. While it does not, changes need no fades, and waiting would never end. */
  running(): boolean;
  /** Resolves once the context has rendered past `time`, or as soon as it has stopped running. */
  until(time: number): Promise<void>;
}

/** Render quanta may be computed ahead of the time that the main thread reads. */
const MARGIN_SECONDS = 0.01;
const POLL_MS = 25;

/** How far ahead of `currentTime` the render thread is in any case (s). */
const LOOKAHEAD_SECONDS = 0.02;
/** Beyond this a late ramp is the smaller evil (s). */
const LONGEST_LOOKAHEAD_SECONDS = 0.3;
/** Clocks of a sound card and of a computer drift apart; the best offset seen is forgotten at this rate (s per s). */
const FORGET = 0.001;

/**
 * How far the render thread may jump ahead at any moment. A thread that was held up on a busy machine renders what
 * it owes in one burst, so it can be as far ahead as it lags behind its own best time now.
 */
export class BurstMeter {
  #best = Number.NEGATIVE_INFINITY;
  #bestAt = 0;

  /** Seconds; `audio` and `wall` are the two clocks' times in seconds. */
  lag(audio: number, wall: number): number {
    const offset = audio - wall;
    const best = this.#best - FORGET * (wall - this.#bestAt);
    if (offset >= best) {
      this.#best = offset;
      this.#bestAt = wall;
      return 0;
    }
    return best - offset;
  }
}

/** The clock of a live context. It also lets go when `isAlive` says that the context is beyond hope. */
export function liveClock(context: AudioContext, isAlive: () => boolean): RenderClock {
  const running = () => context.state === 'running' && isAlive();
  let bursts = new BurstMeter();
  // While a context is suspended its time stands still: what it owed before does not count any more.
  context.addEventListener('statechange', () => {
    bursts = new BurstMeter();
  });
  const moment = (): Moment => {
    const now = context.currentTime;
    const lag = bursts.lag(now, performance.now() / 1000);
    const lead = LOOKAHEAD_SECONDS + context.baseLatency + lag;
    return { now, begin: now + Math.min(LONGEST_LOOKAHEAD_SECONDS, lead) };
  };
  return {
    now: () => context.currentTime,
    moment,
    running,
    async until(time) {
      while (running() && context.currentTime < time + MARGIN_SECONDS) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        moment();
      }
    },
  };
}

/** An offline context renders only once everything is in place: nothing is ever faded or waited for. */
export const stillClock: RenderClock = {
  now: () => 0,
  moment: () => ({ now: 0, begin: 0 }),
  running: () => false,
  until: async () => {},
};
