import type { AdminExport } from '@mixdown/contract';

export const REVIEW_ACTS = ['claim', 'reveal', 'quarantine', 'release', 'revoke'] as const;
export type ReviewAct = (typeof REVIEW_ACTS)[number];
export type PersonAct = 'suspend' | 'reinstate';
export type Act = ReviewAct | PersonAct;

interface ActWords {
  readonly label: string;
  readonly title: string;
  /** What follows from it, said before it is done. */
  readonly consequence: string;
  readonly done: string;
  readonly danger?: boolean;
}

export const ACT_WORDS: Readonly<Record<Act, ActWords>> = {
  claim: {
    label: 'Claim',
    title: 'Look into this export',
    consequence: 'Other admins see that you do.',
    done: 'You look into it now',
  },
  reveal: {
    label: 'Listen',
    title: 'Listen to this export',
    consequence:
      'It is somebody’s private work: that you listened, and why, is written down for good. The link lasts five minutes.',
    done: 'You can listen for five minutes',
  },
  quarantine: {
    label: 'Quarantine',
    title: 'Hold this file back',
    consequence: 'Nobody downloads or plays it until it is released.',
    done: 'Held back',
  },
  release: {
    label: 'Release',
    title: 'Release this file',
    consequence: 'Whoever could have it before can have it again.',
    done: 'Released',
  },
  revoke: {
    label: 'Revoke',
    title: 'Take this export down for good',
    consequence:
      'The file is deleted at once, links that were copied included. What still waits or runs is canceled. This cannot be undone.',
    done: 'Taken down',
    danger: true,
  },
  suspend: {
    label: 'Suspend',
    title: 'Suspend this person’s right to export',
    consequence: 'They export and share nothing more; what waits and runs is canceled.',
    done: 'Suspended',
    danger: true,
  },
  reinstate: {
    label: 'Reinstate',
    title: 'Give back the right to export',
    consequence: 'They export and share again from now on.',
    done: 'Reinstated',
  },
};

/** Why this cannot be done to an export as it stands; null where it can. */
export function whyNot(
  act: ReviewAct,
  { status, quarantinedAt }: Pick<AdminExport, 'status' | 'quarantinedAt'>,
): string | null {
  const gone = status === 'revoked' || status === 'expired';
  switch (act) {
    case 'claim':
      return null;
    case 'reveal':
      return status === 'completed' ? null : gone ? 'The file is gone' : 'There is no file yet';
    case 'quarantine':
      if (gone) return 'The file is gone';
      return quarantinedAt ? 'It is held back already' : null;
    case 'release':
      return quarantinedAt ? null : 'It is not held back';
    case 'revoke':
      return status === 'revoked' ? 'It has been taken down already' : null;
  }
}

const LEAST = 3;
const MOST = 1000;

/** What is wrong with a reason, and how to put it right; null for a good one. The API holds the same rule. */
export function reasonProblem(reason: string): string | null {
  const length = reason.trim().length;
  if (length < LEAST) return `Say why, in ${LEAST} characters or more.`;
  return length > MOST ? `${length} characters are too many: ${MOST} at most.` : null;
}
