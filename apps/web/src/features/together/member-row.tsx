import type { Member } from '@mixdown/contract';
import { UserMinus } from 'lucide-react';
import type { z } from 'zod';
import { usePeople } from '../../session/index.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select } from '../../ui/select.tsx';
import { Avatar } from './avatar.tsx';
import { ROLE_OPTIONS } from './roles.ts';
import styles from './together.module.css';

interface MemberRowProps {
  readonly member: z.infer<typeof Member>;
  readonly self: boolean;
  /** Whether role and membership can be changed here. */
  readonly editable: boolean;
  readonly onRole: (role: 'editor' | 'client') => void;
  readonly onRemove: () => void;
}

const ROLES = { owner: 'Owner', editor: 'Editor', client: 'Client' } as const;

export function MemberRow({ member, self, editable, onRole, onRemove }: MemberRowProps) {
  const person = usePeople().find((p) => p.userId === member.userId);
  const { email, role } = member;
  return (
    <li className={styles.member} data-testid={`member-${member.userId}`}>
      <span className={styles.memberAvatar} data-here={person ? '' : undefined}>
        <Avatar name={person?.name ?? email.replace(/@.*/, '')} color={person?.color ?? 4} />
      </span>
      <span className={styles.personText}>
        <span className={styles.personName}>
          {email}
          {self && <span className={styles.quiet}> (you)</span>}
        </span>
        <span className={styles.quiet}>{person ? 'Here now' : 'Not here'}</span>
      </span>
      {editable && role !== 'owner' ? (
        <>
          <Select
            size="sm"
            label={`Role of ${email}`}
            value={role}
            options={ROLE_OPTIONS}
            onChange={(next) => next !== role && onRole(next)}
            className={styles.memberRole}
          />
          <IconButton size="sm" label={`Remove ${email}`} onClick={onRemove}>
            <UserMinus size={14} aria-hidden />
          </IconButton>
        </>
      ) : (
        <span className={styles.roleWord}>{ROLES[role]}</span>
      )}
    </li>
  );
}
