import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { closeProject, theApp, useAccount, wordsFor } from '../session/index.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import styles from './shell.module.css';

/** The session ran out in the middle of work: sign in again right here, and unsaved edits go on their way. */
export function SessionEndedDialog() {
  const { account, expired } = useAccount();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  if (!expired || !account) return null;

  /** What is not saved yet waits in this browser for the next visit to the project. */
  const leave = async () => {
    await closeProject();
    await theApp().auth.signOut();
    await navigate({ to: '/sign-in', search: { mode: 'in' } });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await theApp().auth.signIn(account.email ?? '', password);
      setPassword('');
    } catch (failure) {
      setError(wordsFor(failure).detail);
    } finally {
      setBusy(false);
    }
  };

  if (!account.email)
    return (
      <Dialog
        open
        closable={false}
        onOpenChange={() => {}}
        title="Your visit as a guest has ended"
        description="Guests’ projects are kept for a day. Start again with a fresh copy of the demo, or sign in."
        size="sm"
        footer={
          <Button
            tone="primary"
            onClick={() =>
              void theApp()
                .auth.signOut()
                .then(() => window.location.assign('/'))
            }
          >
            Start again
          </Button>
        }
      />
    );
  return (
    <Dialog
      open
      closable={false}
      onOpenChange={() => {}}
      title="Sign in again"
      description="Your session has ended. What you changed since waits here and is saved as soon as you are back."
      size="sm"
    >
      <form className={styles.stack} onSubmit={(event) => void submit(event)}>
        <TextField label="E-mail" value={account.email} readOnly autoComplete="username" />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          value={password}
          error={error}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" tone="primary" disabled={busy || !password}>
          Sign in
        </Button>
        <Button tone="ghost" onClick={() => void leave()}>
          Use another account
        </Button>
      </form>
    </Dialog>
  );
}
