import { ERRORS, type Refusal, RefusedError } from '@mixdown/contract';
import { NetworkError } from './api/http.ts';
import { AuthFailure } from './auth.ts';
import { useAccount } from './stores/account-store.ts';
import { type Toast, toast } from './stores/toasts.ts';

const SIGNED_OUT: ReadonlySet<Refusal['code']> = new Set(['unauthenticated', 'token_invalid']);

/** An error in words: a title and what to do about it. */
export function wordsFor(error: unknown): { title: string; detail: string } {
  // The server's own words are for those who write programs.
  if (error instanceof RefusedError && SIGNED_OUT.has(error.refusal.code))
    return { title: ERRORS[error.refusal.code].title, detail: 'Sign in, then try again.' };
  if (error instanceof RefusedError)
    return { title: ERRORS[error.refusal.code].title, detail: error.refusal.detail };
  if (error instanceof NetworkError)
    return {
      title: 'The server cannot be reached',
      detail: 'Check the connection. Nothing is lost: edits are saved once it is back.',
    };
  if (error instanceof AuthFailure) return { title: 'That did not work', detail: error.message };
  return {
    title: 'Something went wrong on our side',
    detail: error instanceof Error ? error.message : String(error),
  };
}

/** Tells of a refusal; the undone edit is named where there was one. */
export function toastRefusal(refusal: Refusal, what?: string, action?: Toast['action']): void {
  toast({
    tone: 'error',
    title: what ? `Could not ${what}` : ERRORS[refusal.code].title,
    detail: what ? `${ERRORS[refusal.code].title}. ${refusal.detail}` : refusal.detail,
    action,
  });
}

export function toastError(error: unknown, what?: string): void {
  if (error instanceof RefusedError && !SIGNED_OUT.has(error.refusal.code)) {
    toastRefusal(error.refusal, what);
    return;
  }
  // A session that has ended asks for the password itself.
  if (error instanceof RefusedError && useAccount.getState().expired) return;
  const { title, detail } = wordsFor(error);
  toast({ tone: 'error', title: what ? `Could not ${what}` : title, detail });
}
