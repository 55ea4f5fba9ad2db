import type { Limits } from './limits.ts';

/** A connection that has not said who it is. */
export interface HalfOpen {
  readonly address: string;
  /** It has said nothing at all, and nobody works on what it said. */
  silent(): boolean;
  /** Too many wait, and this one has been silent for longest. */
  sendAway(): void;
}

/**
 * Who has not said yet who they are. Where there are too many, the one that has been silent for longest makes room for
 * the newcomer: whoever means it says hello within a moment, so a thousand that never do keep nobody out, not even
 * people who share their address.
 */
export function createHalfOpen(limits: Pick<Limits, 'halfOpen' | 'halfOpenPerAddress'>) {
  const all = new Set<HalfOpen>();
  const byAddress = new Map<string, Set<HalfOpen>>();

  /** Whether there is room for one more, if need be by sending one away. */
  function makeRoom(among: ReadonlySet<HalfOpen>, most: number): boolean {
    if (among.size < most) return true;
    for (const waiting of among) {
      if (!waiting.silent()) continue;
      waiting.sendAway();
      return true;
    }
    return false;
  }
  const of = (address: string) => byAddress.get(address) ?? new Set<HalfOpen>();

  return {
    count: () => all.size,
    /** False: all the others are about to come in, and it has to come again. */
    enter(waiting: HalfOpen): boolean {
      const { address } = waiting;
      const room =
        makeRoom(of(address), limits.halfOpenPerAddress) && makeRoom(all, limits.halfOpen);
      if (!room) return false;
      all.add(waiting);
      byAddress.set(address, of(address).add(waiting));
      return true;
    },
    leave(waiting: HalfOpen): void {
      const { address } = waiting;
      const there = of(address);
      if (!all.delete(waiting)) return;
      there.delete(waiting);
      if (there.size === 0) byAddress.delete(address);
    },
  };
}
