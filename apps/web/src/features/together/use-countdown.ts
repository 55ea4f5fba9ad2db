import { useEffect, useState } from 'react';

const secondsUntil = (until: number): number =>
  Math.max(0, Math.ceil((until - performance.now()) / 1000));

/** Whole seconds until a moment on the clock of `performance.now()`; null where there is none. */
export function useCountdown(until: number | null): number | null {
  const [seconds, setSeconds] = useState(() => (until === null ? null : secondsUntil(until)));
  useEffect(() => {
    if (until === null) {
      setSeconds(null);
      return;
    }
    const tick = () => setSeconds(secondsUntil(until));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}
