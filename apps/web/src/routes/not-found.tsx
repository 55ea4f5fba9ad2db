import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { Page } from './page.tsx';

export const NotFound = () => (
  <Page>
    <title>Not found · Mixdown</title>
    <VisuallyHidden role="heading" aria-level={1}>
      Page not found
    </VisuallyHidden>
    <EmptyState
      title="There is nothing here"
      actions={
        <>
          <Link to="/sign-in" search={{ mode: 'in' }} className={buttonClass({ tone: 'ghost' })}>
            Sign in with another account
          </Link>
          <Link to="/projects" className={buttonClass({ tone: 'primary' })}>
            Your projects
          </Link>
        </>
      }
    >
      The address may be wrong, what it led to may have been deleted, or it is not shared with you.
    </EmptyState>
  </Page>
);
