import { Plus } from 'lucide-react';
import { openBrowser } from '../../session/index.ts';
import styles from './chain.module.css';

interface InsertButtonProps {
  readonly trackId: string;
  readonly position: number;
  /** What stands before and after, in words. */
  readonly label: string;
}

/** The thin "+" between two slots. */
export const InsertButton = ({ trackId, position, label }: InsertButtonProps) => (
  <button
    type="button"
    className={styles.insert}
    aria-label={label}
    title={label}
    onClick={() => openBrowser({ trackId, position })}
  >
    <span className={styles.insertDot}>
      <Plus size={11} aria-hidden />
    </span>
  </button>
);
