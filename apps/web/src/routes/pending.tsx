import { Logo } from '../shell/logo.tsx';
import { Spinner } from '../ui/progress.tsx';
import styles from './routes.module.css';

/** While a page is on its way. */
export const Pending = () => (
  <main className={styles.center} aria-busy="true">
    <Logo size={36} />
    <p className={styles.pendingText} role="status">
      <Spinner /> Opening…
    </p>
  </main>
);
