import { Check, CloudOff, LoaderCircle, LogIn, Radio, RefreshCw, User } from 'lucide-react';
import { connectionStatus, STATUS_HINTS, STATUS_WORDS, saveState } from './connection-words.ts';
import styles from './shell.module.css';
import { useConnection } from './use-connection.ts';

const ICONS = {
  live: Radio,
  saved: Check,
  saving: LoaderCircle,
  connecting: LoaderCircle,
  reconnecting: RefreshCw,
  offline: CloudOff,
  alone: User,
  expired: LogIn,
};

/** Whether everything that one sees has reached the server, and whether the others see it as it happens. */
export function SaveIndicator() {
  const facts = useConnection();
  const status = connectionStatus(facts);
  const Icon = ICONS[status];
  return (
    <span
      className={styles.save}
      data-status={status}
      title={STATUS_HINTS[status] ?? STATUS_WORDS[status]}
      data-testid="connection-status"
    >
      <Icon size={13} aria-hidden />
      <span data-testid="save-status" data-status={saveState(facts)}>
        {STATUS_WORDS[status]}
      </span>
    </span>
  );
}
