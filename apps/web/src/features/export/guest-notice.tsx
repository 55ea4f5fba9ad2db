import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { backToHere } from '../back-to-here.ts';

/** Guests may play and edit; an export belongs to an account, where its link can be found again. */
export function GuestNotice() {
  return (
    <EmptyState
      title="Sign up to export"
      actions={
        <>
          <Link to="/sign-in" search={{ mode: 'in' }} className={buttonClass({ tone: 'ghost' })}>
            I have an account
          </Link>
          <Link
            to="/sign-in"
            search={{ mode: 'up', ...backToHere() }}
            className={buttonClass({ tone: 'primary' })}
            data-testid="export-sign-up"
          >
            Sign up
          </Link>
        </>
      }
    >
      It takes an e-mail and a password. This project, with every change that you have made, comes
      with you.
    </EmptyState>
  );
}
