import { RefusedError } from '@mixdown/contract';
import { Link, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { theApp, wordsFor } from '../session/index.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { NotFound } from './not-found.tsx';
import styles from './routes.module.css';

/** Refusals are answers, not faults: nobody needs to hear of them. */
function report(error: unknown): void {
  if (error instanceof RefusedError) return;
  try {
    theApp().telemetry.captureError(error, { tags: { where: 'route' } });
  } catch {
    // The page did not get as far as its telemetry.
  }
}

/** In place of a page that could not be shown: what happened, and the ways on. */
export function RouteError({ error }: { readonly error: unknown }) {
  const router = useRouter();
  useEffect(() => report(error), [error]);
  const code = error instanceof RefusedError ? error.refusal.code : null;
  if (code === 'not_found' || code === 'forbidden') return <NotFound />;
  const { title, detail } = wordsFor(error);
  return (
    <main className={styles.center} role="alert">
      <VisuallyHidden role="heading" aria-level={1}>
        Something went wrong
      </VisuallyHidden>
      <EmptyState
        title={title}
        actions={
          <>
            <Link to="/projects" className={buttonClass({ tone: 'ghost' })}>
              Projects
            </Link>
            <Button tone="primary" onClick={() => void router.invalidate()}>
              Try again
            </Button>
          </>
        }
      >
        {detail}
      </EmptyState>
    </main>
  );
}
