import type { AdminAuditEntry } from '@mixdown/contract';
import styles from './admin.module.css';
import { When } from './when.tsx';

const WORDS: Readonly<Record<string, string>> = {
  'export.claim': 'Claimed',
  'export.quarantine': 'Quarantined',
  'export.release': 'Released',
  'export.revoke': 'Revoked',
  'export.reveal': 'Listened',
  'user.suspend': 'Suspended',
  'user.reinstate': 'Reinstated',
};
export const actionWords = (action: string): string => WORDS[action] ?? action;

const short = (id: string) => id.slice(0, 8);

/** What admins did, newest first. There is nothing here that changes it, and nothing behind it either. */
export function AuditTable({
  entries,
  onExport,
  onUser,
  onAdmin,
}: {
  readonly entries: readonly AdminAuditEntry[];
  readonly onExport: (id: string) => void;
  readonly onUser: (id: string) => void;
  readonly onAdmin: (id: string) => void;
}) {
  return (
    <table className={styles.table}>
      <caption className={styles.caption}>What admins did, newest first</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Admin</th>
          <th scope="col">Did</th>
          <th scope="col">To</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id} data-testid="audit-row">
            <td data-label="When">
              <When at={entry.at} />
            </td>
            <td data-label="Admin">
              <button type="button" className={styles.link} onClick={() => onAdmin(entry.adminId)}>
                {entry.adminEmail ?? short(entry.adminId)}
              </button>
            </td>
            <td data-label="Did">{actionWords(entry.action)}</td>
            <td data-label="To">
              {entry.exportId && (
                <button
                  type="button"
                  className={styles.link}
                  onClick={() => onExport(entry.exportId ?? '')}
                >
                  export {short(entry.exportId)}
                </button>
              )}
              {entry.userId && (
                <button
                  type="button"
                  className={styles.link}
                  onClick={() => onUser(entry.userId ?? '')}
                >
                  {entry.userEmail ?? short(entry.userId)}
                </button>
              )}
            </td>
            <td data-label="Why" className={styles.why}>
              {entry.reason}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
