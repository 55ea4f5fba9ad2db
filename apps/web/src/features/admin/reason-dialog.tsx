import { type FormEvent, useState } from 'react';
import { theApp, toast, wordsFor } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './admin.module.css';
import { ACT_WORDS, type Act, reasonProblem } from './review-acts.ts';

export interface Asked {
  readonly act: Act;
  /** The export, or the person, that it is done to. */
  readonly id: string;
  /** Whom or what, in words. */
  readonly subject: string;
}
export interface Revealed {
  readonly url: string;
  readonly urlExpiresAt: string;
  readonly fileName: string;
}

async function perform({ act, id }: Asked, reason: string): Promise<Revealed | null> {
  const { client } = theApp();
  if (act === 'reveal') return client.revealExport(id, reason);
  if (act === 'suspend') await client.suspendUser(id, reason);
  else if (act === 'reinstate') await client.reinstateUser(id, reason);
  else await client.reviewExport(id, act, reason);
  return null;
}

/** Asks for the reason, without which an admin does nothing, says what follows, and does it. */
export function ReasonDialog({
  asked,
  onClose,
  onDone,
}: {
  readonly asked: Asked;
  readonly onClose: () => void;
  readonly onDone: (asked: Asked, revealed: Revealed | null) => void;
}) {
  const words = ACT_WORDS[asked.act];
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const problem = reasonProblem(reason);
    setError(problem);
    if (problem) return;
    if (words.danger && !sure) return setSure(true);
    setBusy(true);
    try {
      const revealed = await perform(asked, reason.trim());
      toast({ tone: 'success', title: words.done, detail: asked.subject });
      onDone(asked, revealed);
      onClose();
    } catch (failure) {
      setError(wordsFor(failure).detail);
      setSure(false);
      // Somebody else may have been there first: what is shown behind is made new.
      onDone(asked, null);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      description={asked.subject}
      size="sm"
      testId="reason-dialog"
    >
      <form className={styles.reason} onSubmit={(event) => void submit(event)}>
        <p>{words.consequence}</p>
        <label className={styles.reasonLabel} htmlFor="reason">
          Reason, kept in the audit for good
        </label>
        <textarea
          id="reason"
          className={styles.textarea}
          rows={3}
          value={reason}
          aria-invalid={error !== null}
          aria-describedby="reason-error"
          onChange={(event) => {
            setReason(event.target.value);
            setError(null);
            setSure(false);
          }}
        />
        <p id="reason-error" className={styles.error} role="alert">
          {error}
        </p>
        <div className={styles.reasonButtons}>
          <Button tone="ghost" onClick={onClose} type="button">
            Cancel
          </Button>
          <Button
            tone={words.danger ? 'danger' : 'primary'}
            type="submit"
            disabled={busy}
            data-testid="reason-submit"
          >
            {sure ? `Yes, ${words.label.toLowerCase()}` : words.label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
