import type { AdminAuditEntry, AdminExport } from '@mixdown/contract';
import { useEffect, useState } from 'react';
import { theApp, toastError, useAccount } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes, formatDuration } from '../format-units.ts';
import { settingsWords } from '../jobs/job-words.ts';
import styles from './admin.module.css';
import { actionWords } from './audit-list.tsx';
import { nameOf, StateBadges } from './exports-table.tsx';
import { Listen } from './listen.tsx';
import type { Asked, Revealed } from './reason-dialog.tsx';
import { ACT_WORDS, REVIEW_ACTS, whyNot } from './review-acts.ts';
import { When } from './when.tsx';

/** What has been done about an export; read again whenever `version` changes. */
function useHistory(id: string, version: number): readonly AdminAuditEntry[] | null {
  const [entries, setEntries] = useState<readonly AdminAuditEntry[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says that something was done
  useEffect(() => {
    let current = true;
    theApp()
      .client.adminAudit({ export: id, limit: 100 })
      .then(
        (answer) => current && setEntries(answer.entries),
        (error: unknown) => toastError(error, 'read what was done'),
      );
    return () => {
      current = false;
    };
  }, [id, version]);
  return entries;
}

const Fact = ({
  name,
  children,
}: {
  readonly name: string;
  readonly children: React.ReactNode;
}) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** One export under review: what is known, what can be done, what was done. */
export function ReviewDialog({
  view,
  revealed,
  version,
  onAsk,
  onClose,
}: {
  readonly view: AdminExport;
  readonly revealed: Revealed | null;
  /** Grows with everything that was done here. */
  readonly version: number;
  readonly onAsk: (asked: Asked) => void;
  readonly onClose: () => void;
}) {
  const me = useAccount((s) => s.account?.id);
  const history = useHistory(view.id, version);
  const subject = `${view.projectName}, by ${nameOf(view.requestedBy)}`;
  const claimedBy = view.reviewedBy;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={view.projectName}
      description={`Exported by ${nameOf(view.requestedBy)}`}
      size="lg"
      testId="review-dialog"
    >
      <div className={styles.review}>
        <div className={styles.reviewState}>
          <StateBadges view={view} />
          {claimedBy && (
            <span className={styles.quiet}>
              {claimedBy.userId === me ? 'You look' : `${nameOf(claimedBy)} looks`} into this
              {claimedBy.userId !== me && '; you can act all the same'}
            </span>
          )}
        </div>
        <dl className={styles.facts}>
          <Fact name="Settings">{settingsWords(view.options)}</Fact>
          <Fact name="Size">{view.bytes === null ? '—' : formatBytes(view.bytes)}</Fact>
          <Fact name="Length">
            {view.durationSeconds === null ? '—' : formatDuration(view.durationSeconds)}
          </Fact>
          <Fact name="Requested">
            <When at={view.createdAt} />
          </Fact>
          <Fact name="Finished">{view.completedAt ? <When at={view.completedAt} /> : '—'}</Fact>
          <Fact name="Kept until">
            {view.expiresAt ? new Date(view.expiresAt).toLocaleDateString('en') : '—'}
          </Fact>
          <Fact name="Shared with">{view.shares}</Fact>
          <Fact name="Attempts">{view.attempt}</Fact>
        </dl>
        {view.error && <p className={styles.error}>{view.error.message}</p>}
        <fieldset className={styles.acts} aria-label="What to do">
          {REVIEW_ACTS.map((act) => {
            const why = whyNot(act, view);
            return (
              <Button
                key={act}
                size="sm"
                tone={ACT_WORDS[act].danger ? 'danger' : 'secondary'}
                disabled={why !== null}
                focusableWhenDisabled
                title={why ?? undefined}
                aria-label={why ? `${ACT_WORDS[act].label}: ${why}` : undefined}
                data-testid={`act-${act}`}
                onClick={() => onAsk({ act, id: view.id, subject })}
              >
                {ACT_WORDS[act].label}
              </Button>
            );
          })}
        </fieldset>
        {revealed && view.status === 'completed' && (
          <Listen key={revealed.url} revealed={revealed} />
        )}
        <h3 className={styles.subtitle}>What was done about it</h3>
        <ul className={styles.history} aria-busy={history === null}>
          {history?.map((entry) => (
            <li key={entry.id}>
              <strong>{actionWords(entry.action)}</strong> by {entry.adminEmail ?? 'an admin'},{' '}
              <When at={entry.at} />
              <p className={styles.why}>“{entry.reason}”</p>
            </li>
          ))}
          {history?.length === 0 && <li className={styles.quiet}>Nothing yet.</li>}
        </ul>
      </div>
    </Dialog>
  );
}
