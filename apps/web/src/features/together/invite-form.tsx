import { type FormEvent, useState } from 'react';
import { announce, theApp, wordsFor } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ROLE_OPTIONS } from './roles.ts';
import styles from './together.module.css';

interface InviteFormProps {
  readonly projectId: string;
  readonly onInvited: () => void;
}

/** Adds somebody by e-mail. They need an account; the answer says so where they have none. */
export function InviteForm({ projectId, onInvited }: InviteFormProps) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<'editor' | 'client'>('editor');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const member = await theApp().client.inviteMember(projectId, { email: email.trim(), role });
      announce(`${member.email} added`);
      setEmail('');
      onInvited();
    } catch (failure) {
      setError(wordsFor(failure).detail);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.invite} onSubmit={(event) => void submit(event)}>
      <TextField
        label="E-mail"
        type="email"
        required
        autoComplete="off"
        placeholder="ana@example.org"
        value={email}
        error={error}
        onChange={(event) => setEmail(event.target.value)}
        data-testid="invite-email"
      />
      <Select
        label="Role"
        showLabel
        value={role}
        options={ROLE_OPTIONS}
        onChange={setRole}
        className={styles.inviteRole}
        testId="invite-role"
      />
      <Button
        type="submit"
        tone="primary"
        disabled={busy || email.trim() === ''}
        data-testid="invite-submit"
      >
        Invite
      </Button>
    </form>
  );
}
