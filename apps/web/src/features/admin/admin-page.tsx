import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AccountMenu } from '../../shell/account-menu.tsx';
import { Logo } from '../../shell/logo.tsx';
import styles from './admin.module.css';

/** The frame of the review: its two lists, one click apart. */
export const AdminPage = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) => (
  <div className={styles.page}>
    <title>{`${title} · Mixdown review`}</title>
    <header className={styles.header}>
      <Link to="/admin" className={styles.brand}>
        <Logo />
        Review
      </Link>
      <nav className={styles.tabs} aria-label="Review">
        <Link
          to="/admin"
          activeOptions={{ exact: true, includeSearch: false }}
          className={styles.tab}
        >
          Exports
        </Link>
        <Link to="/admin/audit" activeOptions={{ includeSearch: false }} className={styles.tab}>
          Audit
        </Link>
      </nav>
      <AccountMenu />
    </header>
    <main className={styles.main}>{children}</main>
  </div>
);

/** One way on, one way back to the newest. */
export const Pager = ({
  next,
  deep,
  onCursor,
}: {
  readonly next: string | null;
  /** Whether this is not the first page. */
  readonly deep: boolean;
  readonly onCursor: (cursor: string | undefined) => void;
}) =>
  (next || deep) && (
    <nav className={styles.pager} aria-label="Pages">
      {deep && (
        <button type="button" className={styles.link} onClick={() => onCursor(undefined)}>
          Back to the newest
        </button>
      )}
      {next && (
        <button type="button" className={styles.link} onClick={() => onCursor(next)}>
          Older
        </button>
      )}
    </nav>
  );
