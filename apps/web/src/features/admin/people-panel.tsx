import type { AdminUserTotals } from '@mixdown/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../format-units.ts';
import styles from './admin.module.css';
import type { Asked } from './reason-dialog.tsx';

/** Who exports how much: the busiest of the last day first. */
export function PeoplePanel({
  users,
  chosen,
  onChoose,
  onAsk,
}: {
  readonly users: readonly AdminUserTotals[];
  readonly chosen: string | undefined;
  readonly onChoose: (user: string | undefined) => void;
  readonly onAsk: (asked: Asked) => void;
}) {
  return (
    <ul className={styles.people} aria-label="Who exports how much">
      {users.map((user) => {
        const name = user.email ?? 'A deleted account';
        const act = user.suspended ? 'reinstate' : 'suspend';
        return (
          <li key={user.userId} className={styles.person} data-testid="admin-person">
            <div className={styles.personHead}>
              <span className={styles.personName}>{name}</span>
              {user.suspended && (
                <Badge tone="error" title={user.suspendedReason ?? undefined}>
                  Suspended
                </Badge>
              )}
            </div>
            <p className={styles.quiet}>
              <strong>{user.exportsLastDay}</strong> in the last day (
              {formatBytes(user.bytesLastDay)}) · {user.exports} in all ({formatBytes(user.bytes)})
            </p>
            {user.suspended && user.suspendedReason && (
              <p className={styles.why}>“{user.suspendedReason}”</p>
            )}
            <div className={styles.personActs}>
              <Button
                size="sm"
                aria-pressed={chosen === user.userId}
                aria-label={
                  chosen === user.userId
                    ? 'Show everybody’s exports'
                    : `Only theirs: the exports of ${name}`
                }
                onClick={() => onChoose(chosen === user.userId ? undefined : user.userId)}
              >
                {chosen === user.userId ? 'Show everybody' : 'Only theirs'}
              </Button>
              <Button
                size="sm"
                tone={user.suspended ? 'secondary' : 'danger'}
                aria-label={`${user.suspended ? 'Reinstate' : 'Suspend'} ${name}`}
                onClick={() => onAsk({ act, id: user.userId, subject: name })}
              >
                {user.suspended ? 'Reinstate' : 'Suspend'}
              </Button>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
