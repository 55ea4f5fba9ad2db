import { Tooltip } from '../../ui/tooltip.tsx';
import styles from './tracks.module.css';

interface Props {
  readonly label: string;
  readonly letter: string;
  readonly tone: 'mute' | 'solo';
  readonly pressed: boolean;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

/** Mute or solo: one letter, as on every mixing desk. */
export const TrackToggle = ({ label, letter, tone, pressed, disabled, onClick }: Props) => (
  <Tooltip content={label}>
    <button
      type="button"
      className={styles.toggle}
      data-tone={tone}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      {letter}
    </button>
  </Tooltip>
);
