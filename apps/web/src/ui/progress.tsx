import { Progress as Base } from '@base-ui/react/progress';
import { LoaderCircle } from 'lucide-react';
import { cx } from './cx.ts';
import styles from './progress.module.css';

export interface ProgressProps {
  readonly label: string;
  /** 0…1; null = under way, nobody knows how far. */
  readonly fraction: number | null;
  readonly className?: string;
}

export function Progress({ label, fraction, className }: ProgressProps) {
  return (
    <Base.Root
      aria-label={label}
      value={fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100)}
      className={cx(styles.root, className)}
    >
      <Base.Track className={styles.track}>
        <Base.Indicator className={styles.indicator} />
      </Base.Track>
    </Base.Root>
  );
}

/** For waits without a bar. Give the words beside it; the picture itself is silent. */
export const Spinner = ({ size = 16 }: { readonly size?: number }) => (
  <LoaderCircle size={size} aria-hidden className={styles.spinner} />
);
