import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { BANNERS, connectionStatus, UNREACHABLE } from './connection-words.ts';
import styles from './shell.module.css';
import { useConnection } from './use-connection.ts';

/** A connection that is back sooner is nobody's concern, in ms. */
const PATIENCE_MS = 1500;

/** Says that the server or the others cannot be reached, and that nothing is lost by it. */
export function OfflineBanner() {
  const facts = useConnection();
  const status = connectionStatus(facts);
  const [waited, setWaited] = useState(false);
  const waits = status === 'reconnecting';
  useEffect(() => {
    setWaited(false);
    if (!waits) return;
    const timer = setTimeout(() => setWaited(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waits]);
  const words = status === 'offline' && facts.online ? UNREACHABLE : BANNERS[status];
  if (!words || (waits && !waited) || facts.mode === 'ended') return null;
  return (
    <div className={styles.banner} role="status" data-testid="offline-banner">
      <CloudOff size={14} aria-hidden />
      {words}
    </div>
  );
}
