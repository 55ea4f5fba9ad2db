import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { theApp, toast, useAccount, wordsFor } from '../session/index.ts';
import { Button } from '../ui/button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Page } from './page.tsx';
import styles from './routes.module.css';

export interface SignInSearch {
  readonly mode: 'in' | 'up';
  /** Path to go to afterwards. */
  readonly next?: string | undefined;
}

const MIN_PASSWORD = 8;

/** Only addresses of our own: a link from elsewhere must not lead away from here after signing in. */
export const safeNext = (next: string | undefined): string =>
  next && /^\/(?![/\\])/.test(next) ? next : '/projects';

const TITLES = { in: 'Sign in', up: 'Sign up' } as const;

export function SignInPage({ mode, next }: SignInSearch) {
  const navigate = useNavigate();
  const guest = useAccount((s) => s.account?.role === 'guest');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [confirmMail, setConfirmMail] = useState(false);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (mode === 'up' && password.length < MIN_PASSWORD) {
      setError(`Choose a longer password: at least ${MIN_PASSWORD} characters.`);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const { auth } = theApp();
      const account = await (mode === 'in'
        ? auth.signIn(email, password)
        : auth.signUp(email, password));
      if (!account) return setConfirmMail(true);
      if (mode === 'up')
        toast({
          tone: 'success',
          title: 'Welcome',
          detail: guest ? 'Your project came with you.' : 'Your account is ready.',
        });
      await navigate({ to: safeNext(next), replace: true });
    } catch (failure) {
      setError(wordsFor(failure).detail);
    } finally {
      setBusy(false);
    }
  };

  if (confirmMail)
    return (
      <Page>
        <div className={styles.form} role="status">
          <h1 className={styles.formTitle}>Look into your mail</h1>
          <p>
            We have sent a link to {email}. Open it in this browser, and your account is ready
            {guest && ', with your project in it'}.
          </p>
        </div>
      </Page>
    );
  return (
    <Page>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <h1 className={styles.formTitle}>{TITLES[mode]}</h1>
        <Segmented
          label="Sign in or sign up"
          value={mode}
          options={[
            { value: 'in', label: 'I have an account' },
            { value: 'up', label: 'I am new' },
          ]}
          onChange={(value) =>
            void navigate({ to: '/sign-in', search: { mode: value, next }, replace: true })
          }
        />
        {guest && (
          <p className={styles.note}>
            {mode === 'up'
              ? 'The project that you have been working on becomes yours, as it stands.'
              : 'The project of your visit as a guest stays behind. To take it along, sign up as new.'}
          </p>
        )}
        <TextField
          label="E-mail"
          size="lg"
          type="email"
          name="email"
          autoComplete="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          size="lg"
          type="password"
          name="password"
          required
          autoComplete={mode === 'in' ? 'current-password' : 'new-password'}
          description={mode === 'up' ? `At least ${MIN_PASSWORD} characters` : undefined}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && (
          <p className={styles.formError} role="alert">
            {error}
          </p>
        )}
        <Button type="submit" tone="primary" size="lg" disabled={busy} data-testid="sign-in-submit">
          {busy ? 'One moment…' : TITLES[mode]}
        </Button>
      </form>
    </Page>
  );
}
