import type { ReactNode } from 'react';
import styles from './surface.module.css';

export type BadgeTone = 'neutral' | 'accent' | 'info' | 'success' | 'warning' | 'error';

/** A word or a figure about the thing it stands beside. Colour is never its only message. */
export const Badge = ({
  tone = 'neutral',
  title,
  children,
}: {
  readonly tone?: BadgeTone;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}) => (
  <span className={`${styles.badge} ${styles[tone]}`} title={title}>
    {children}
  </span>
);
