import type { Clock } from '@mixdown/core';
import type { Identity } from '../auth/identity.ts';

/** setTimeout takes 31 bits of milliseconds; looking again each hour also survives a machine that slept. */
const LONGEST_TIMER_MS = 3_600_000;

/** Calls back when the newest token has expired. */
export function createTokenWatch(o: {
  readonly clock: Clock;
  wallClock(): number;
  expired(): void;
}) {
  let cancel = () => {};
  const watch = (exp: number): void => {
    const left = exp * 1000 - o.wallClock();
    if (left <= 0) {
      o.expired();
      return;
    }
    cancel = o.clock.setTimer(() => watch(exp), Math.min(left, LONGEST_TIMER_MS));
  };
  return {
    renew({ claims: { exp } }: Identity): void {
      cancel();
      if (typeof exp === 'number') watch(exp);
    },
    close: () => cancel(),
  };
}
