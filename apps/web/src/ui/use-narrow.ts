import { useSyncExternalStore } from 'react';

/** Matches the style sheets: from here on down there is one column, and the transport stands at the thumb. */
const NARROW = '(max-width: 760px)';

const subscribe = (listener: () => void) => {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

export const isNarrow = (): boolean => window.matchMedia(NARROW).matches;

/** Whether the page is as narrow as a phone: for what stands elsewhere there, not only looks different. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, isNarrow);
