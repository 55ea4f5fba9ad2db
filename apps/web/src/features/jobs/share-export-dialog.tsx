import type { ExportView, Share, ShareExport } from '@mixdown/contract';
import { UserMinus, Users } from 'lucide-react';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { announce, theApp, toastError, wordsFor } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { formatSince } from '../format-units.ts';
import { settingsWords } from './job-words.ts';
import styles from './jobs.module.css';

const EVERY_CLIENT = 'Every client of the project';
const nameOf = ({ userId, email }: Share) =>
  userId === null ? EVERY_CLIENT : (email ?? 'A deleted account');

/** Whom an export is shared with, read anew after every change; null until it is there. */
function useShares(exportId: string) {
  const [shares, setShares] = useState<readonly Share[] | null>(null);
  const shown = useRef(true);
  const reload = useCallback(async () => {
    try {
      const list = await theApp().client.shares(exportId);
      if (shown.current) setShares(list);
    } catch (error) {
      if (shown.current) toastError(error, 'read whom it is shared with');
    }
  }, [exportId]);
  useEffect(() => {
    shown.current = true;
    void reload();
    return () => {
      shown.current = false;
    };
  }, [reload]);
  return { shares, reload };
}

function Body({ id, onCopy }: { readonly id: string; readonly onCopy: () => void }) {
  const { shares, reload } = useShares(id);
  const [email, setEmail] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const now = Date.now();

  const share = async (whom: ShareExport) => {
    setBusy(true);
    setError(null);
    try {
      const made = await theApp().client.shareExport(id, whom);
      announce(`Shared with ${nameOf(made)}`);
      setEmail('');
    } catch (failure) {
      setError(wordsFor(failure).detail);
    } finally {
      setBusy(false);
    }
    await reload();
  };
  const unshare = async (ended: Share) => {
    try {
      await theApp().client.unshareExport(id, ended.userId);
      announce(`No longer shared with ${nameOf(ended)}`);
    } catch (failure) {
      toastError(failure, `end the share with ${nameOf(ended)}`);
    }
    await reload();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void share({ email: email.trim() });
  };
  const withClients = shares?.some(({ userId }) => userId === null) ?? true;

  return (
    <div className={styles.share}>
      <form className={styles.shareForm} onSubmit={submit}>
        <TextField
          label="E-mail"
          type="email"
          required
          autoComplete="off"
          placeholder="label@example.org"
          value={email}
          error={error}
          className={styles.shareEmail ?? ''}
          onChange={(event) => {
            setEmail(event.target.value);
            setError(null);
          }}
          data-testid="share-email"
        />
        <Button
          type="submit"
          tone="primary"
          disabled={busy || email.trim() === ''}
          data-testid="share-submit"
        >
          Share
        </Button>
      </form>
      <ul className={styles.shares} aria-label="Shared with" aria-busy={shares === null}>
        {shares?.map((one) => (
          <li key={one.userId ?? 'clients'} className={styles.shareRow}>
            <div>
              <p className={styles.shareName}>{nameOf(one)}</p>
              <p className={styles.meta}>
                since {formatSince(Date.parse(one.createdAt), now)}
                {one.sharedBy && `, by ${one.sharedBy.email}`}
              </p>
            </div>
            <IconButton
              label={`End the share with ${nameOf(one)}`}
              size="sm"
              onClick={() => void unshare(one)}
            >
              <UserMinus size={14} aria-hidden />
            </IconButton>
          </li>
        ))}
        {shares?.length === 0 && <li className={styles.meta}>With nobody yet.</li>}
      </ul>
      <div className={styles.shareWays}>
        <Button
          size="sm"
          icon={<Users size={14} aria-hidden />}
          disabled={busy || withClients}
          focusableWhenDisabled
          onClick={() => void share({ clients: true })}
        >
          {withClients && shares ? 'Shared with every client' : 'Share with every client'}
        </Button>
        <Button size="sm" onClick={onCopy}>
          Copy link
        </Button>
      </div>
    </div>
  );
}

/** Who else hears an export. They need an account; the answer says so where they have none. */
export function ShareExportDialog({
  view,
  onClose,
  onCopy,
}: {
  readonly view: Pick<ExportView, 'id' | 'options' | 'projectName'>;
  readonly onClose: () => void;
  readonly onCopy: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Share export"
      description={`${view.projectName}, ${settingsWords(view.options)}. Whoever you share it with listens, compares and downloads, and sees nothing else of the project.`}
      size="sm"
      dims
      testId="share-export-dialog"
    >
      <Body id={view.id} onCopy={onCopy} />
    </Dialog>
  );
}
