import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AccountMenu } from '../shell/account-menu.tsx';
import { Logo } from '../shell/logo.tsx';
import styles from './routes.module.css';

/** The frame of every page beside the workstation. */
export const Page = ({ children }: { readonly children: ReactNode }) => (
  <div className={styles.page}>
    <header className={styles.pageHeader}>
      <Link to="/" className={styles.brand}>
        <Logo />
        Mixdown
      </Link>
      <AccountMenu />
    </header>
    <main className={styles.pageMain}>{children}</main>
  </div>
);
