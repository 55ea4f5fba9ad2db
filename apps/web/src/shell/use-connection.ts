import { useSyncExternalStore } from 'react';
import { useOpenProject, useRoom } from '../session/index.ts';
import type { ConnectionFacts } from './connection-words.ts';

const subscribe = (listener: () => void) => {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
};

/** Everything that is known about the connection. */
export function useConnection(): ConnectionFacts {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  const save = useOpenProject((s) => s.saveStatus);
  const mode = useRoom((s) => s.mode);
  const unsaved = useRoom((s) => s.unsaved);
  return { online, save, mode, unsaved };
}
