import type { Clock } from '@mixdown/core';

/** How much one gateway takes, of whom. Times are in ms. */
export interface Limits {
  readonly helloMs: number;
  readonly socketsPerUser: number;
  readonly socketsPerAddress: number;
  /** Connections that have not said who they are. */
  readonly halfOpenPerAddress: number;
  readonly halfOpen: number;
  /** Messages per second, and how many at once, of a connection and of all connections of one account. */
  readonly messages: Rate;
  readonly userMessages: Rate;
  /** Characters per second. */
  readonly characters: Rate;
  /** Messages that make the database work: edits, locks, hellos, tokens. */
  readonly heavy: Rate;
  /** Bytes that may wait for a slow receiver. */
  readonly bufferedBytes: number;
  /** Operations that a resume carries; beyond it a snapshot is cheaper. */
  readonly resumeOperations: number;
}

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export const LIMITS: Limits = {
  helloMs: 5_000,
  socketsPerUser: 32,
  socketsPerAddress: 512,
  halfOpenPerAddress: 64,
  halfOpen: 512,
  messages: { perSecond: 400, burst: 800 },
  userMessages: { perSecond: 1200, burst: 2400 },
  characters: { perSecond: 512 * 1024, burst: 2 * 1024 * 1024 },
  heavy: { perSecond: 40, burst: 200 },
  bufferedBytes: 2 * 1024 * 1024,
  resumeOperations: 2_000,
};

/** A token bucket. `take` says whether there was enough; who asks several at once looks at the clock once. */
export function createBucket(clock: Clock, { perSecond, burst }: Rate) {
  let left = burst;
  let at = clock.now();
  return {
    take(amount = 1, now = clock.now()): boolean {
      left = Math.min(burst, left + ((now - at) / 1000) * perSecond);
      at = now;
      if (left < amount) return false;
      left -= amount;
      return true;
    },
  };
}
export type Bucket = ReturnType<typeof createBucket>;

/** Counts by key; keys at zero are forgotten. */
export function createCounts() {
  const counts = new Map<string, number>();
  return {
    of: (key: string) => counts.get(key) ?? 0,
    add(key: string, by: 1 | -1): void {
      const next = (counts.get(key) ?? 0) + by;
      if (next > 0) counts.set(key, next);
      else counts.delete(key);
    },
  };
}
