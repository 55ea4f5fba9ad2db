import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './surface.module.css';

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** What to do about it, in a sentence. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string | undefined;
}

export const EmptyState = ({ icon, title, children, actions, className }: EmptyStateProps) => (
  <div className={cx(styles.empty, className)}>
    {icon && <div className={styles.emptyIcon}>{icon}</div>}
    <p className={styles.emptyTitle}>{title}</p>
    {children && <p className={styles.emptyText}>{children}</p>}
    {actions && <div className={styles.emptyActions}>{actions}</div>}
  </div>
);
