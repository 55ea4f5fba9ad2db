import { Check, CloudOff, LoaderCircle, LogIn } from 'lucide-react';
import { type SaveStatus, useOpenProject } from '../session/index.ts';
import styles from './shell.module.css';

const WORDS: Readonly<Record<SaveStatus, string>> = {
  saved: 'Saved',
  saving: 'Saving…',
  offline: 'Offline, will save',
  expired: 'Sign in to save',
};
const ICONS = { saved: Check, saving: LoaderCircle, offline: CloudOff, expired: LogIn };

/** Whether everything that one sees has reached the server. */
export function SaveIndicator() {
  const status = useOpenProject((s) => s.saveStatus);
  const Icon = ICONS[status];
  return (
    <span className={styles.save} data-status={status} data-testid="save-status">
      <Icon size={13} aria-hidden />
      <span>{WORDS[status]}</span>
    </span>
  );
}
