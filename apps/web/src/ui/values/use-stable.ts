import { useCallback, useLayoutEffect, useRef } from 'react';

/** The same function for the life of a component, which always calls the newest `fn`. */
export function useStable<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
): (...args: A) => R {
  const latest = useRef(fn);
  useLayoutEffect(() => {
    latest.current = fn;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
