/** Why a stream looks up: something changed, nothing did for a while, its reader has left, or the server stops. */
export type Woken = 'changed' | 'silence' | 'left' | 'shutting_down';

export interface Subscription {
  /** Something may have changed. However often it is said before somebody looks, they look once. */
  wake(): void;
  shutDown(): void;
  /** Nobody reads any more. */
  leave(): void;
  /** Waits for the next reason to look up, or for so many milliseconds of silence. One at a time. */
  next(silenceMs: number): Promise<Woken>;
}

/** One stream's place in the feed. `onLeave` runs once. */
export function createSubscription(onLeave: () => void): Subscription {
  let dirty = false;
  let ended: 'left' | 'shutting_down' | null = null;
  let waiting: ((why: Woken) => void) | null = null;

  const end = (why: 'left' | 'shutting_down') => {
    ended = why;
    waiting?.(why);
  };
  return {
    wake() {
      if (waiting) waiting('changed');
      else dirty = true;
    },
    shutDown() {
      if (!ended) end('shutting_down');
    },
    leave() {
      if (ended === 'left') return;
      end('left');
      onLeave();
    },
    next(silenceMs) {
      if (ended) return Promise.resolve(ended);
      if (dirty) {
        dirty = false;
        return Promise.resolve('changed');
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => waiting?.('silence'), silenceMs);
        waiting = (why) => {
          clearTimeout(timer);
          waiting = null;
          resolve(why);
        };
      });
    },
  };
}
