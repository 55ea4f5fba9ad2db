import type { AdminExport } from '@mixdown/contract';
import { Badge, type BadgeTone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatBytes, formatDuration } from '../format-units.ts';
import { STATUS_WORDS, settingsWords } from '../jobs/job-words.ts';
import styles from './admin.module.css';
import { When } from './when.tsx';

const TONES: Partial<Record<AdminExport['status'], BadgeTone>> = {
  completed: 'success',
  failed: 'error',
  revoked: 'error',
};

export const nameOf = (person: { readonly email: string | null }): string =>
  person.email ?? 'a deleted account';

export const StateBadges = ({
  view,
}: {
  readonly view: Pick<AdminExport, 'status' | 'quarantinedAt'>;
}) => (
  <span className={styles.badges}>
    <Badge tone={TONES[view.status] ?? 'neutral'}>{STATUS_WORDS[view.status]}</Badge>
    {view.quarantinedAt && <Badge tone="warning">Held back</Badge>}
  </span>
);

/** Everybody's exports, newest first: a table, and on narrow screens a card for each. */
export function ExportsTable({
  exports,
  onReview,
}: {
  readonly exports: readonly AdminExport[];
  readonly onReview: (id: string) => void;
}) {
  return (
    <table className={styles.table}>
      <caption className={styles.caption}>Everybody’s exports, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">Project</th>
          <th scope="col">Settings</th>
          <th scope="col">Size</th>
          <th scope="col">When</th>
          <th scope="col">State</th>
          <th scope="col">Looked into by</th>
          <th scope="col">
            <span className={styles.caption}>Review</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {exports.map((one) => (
          <tr key={one.id} data-testid={`admin-export-${one.id}`}>
            <th scope="row" data-label="Who">
              {nameOf(one.requestedBy)}
            </th>
            <td data-label="Project" className={styles.project}>
              {one.projectName}
            </td>
            <td data-label="Settings">{settingsWords(one.options)}</td>
            <td data-label="Size">
              {one.bytes === null ? '—' : formatBytes(one.bytes)}
              {one.durationSeconds !== null && (
                <span className={styles.unit}> {formatDuration(one.durationSeconds)}</span>
              )}
            </td>
            <td data-label="When">
              <When at={one.createdAt} />
            </td>
            <td data-label="State">
              <StateBadges view={one} />
            </td>
            <td data-label="Looked into by">{one.reviewedBy ? nameOf(one.reviewedBy) : '—'}</td>
            <td data-label="">
              <Button
                size="sm"
                aria-label={`Review the export of ${one.projectName} by ${nameOf(one.requestedBy)}`}
                onClick={() => onReview(one.id)}
              >
                Review
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
