import { CloudOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useOpenProject } from '../session/index.ts';
import styles from './shell.module.css';

const subscribe = (listener: () => void) => {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
};

/** Says that the server cannot be reached, and that nothing is lost by it. */
export function OfflineBanner() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  const unreachable = useOpenProject((s) => s.saveStatus === 'offline');
  if (online && !unreachable) return null;
  return (
    <div className={styles.banner} role="status" data-testid="offline-banner">
      <CloudOff size={14} aria-hidden />
      {online
        ? 'The server cannot be reached. Keep working: your edits are saved once it answers.'
        : 'You are offline. Keep working: your edits are saved once the connection is back.'}
    </div>
  );
}
