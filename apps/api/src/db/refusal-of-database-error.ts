import { MAX_SHARES, type Refusal } from '@mixdown/contract';

interface DatabaseError {
  readonly code?: string;
  readonly constraint?: string;
}

const UNAVAILABLE: Refusal = {
  code: 'unavailable',
  detail: 'The database cannot be reached right now. Try again in a few seconds.',
  retryAfterSeconds: 2,
};
const BUSY: Refusal = {
  code: 'unavailable',
  detail: 'Somebody else is changing the same thing. Try again.',
  retryAfterSeconds: 1,
};
const NOT_ACCEPTED: Refusal = {
  code: 'validation_failed',
  detail: 'A value is outside of what can be stored.',
};

/** With Supabase a token outlives its account: until then nobody asked whether there is one. */
const NO_ACCOUNT: Refusal = {
  code: 'token_invalid',
  detail: 'There is no account behind this token any more. Sign in again.',
};

/** By SQLSTATE, or by Node's code where the connection failed. */
const BY_CODE: Readonly<Record<string, Refusal>> = {
  '42501': { code: 'forbidden', detail: 'You do not have the right to do this.' },
  '23505': { code: 'validation_failed', detail: 'This id is taken.' },
  '23503': { code: 'validation_failed', detail: 'Something that this refers to does not exist.' },
  '23514': NOT_ACCEPTED,
  '22003': NOT_ACCEPTED,
  '22021': NOT_ACCEPTED,
  '22P02': NOT_ACCEPTED,
  '22P05': NOT_ACCEPTED,
  '40001': BUSY,
  '40P01': BUSY,
  '55P03': BUSY,
  '53300': UNAVAILABLE,
  '57P01': UNAVAILABLE,
  '57P02': UNAVAILABLE,
  '57P03': UNAVAILABLE,
  ECONNREFUSED: UNAVAILABLE,
  ECONNRESET: UNAVAILABLE,
  EPIPE: UNAVAILABLE,
};

const BY_CONSTRAINT: Readonly<Record<string, Refusal>> = {
  daw_plugins_position_range: { code: 'chain_full', detail: 'A chain has at most 16 plugins.' },
  daw_export_shares_most: {
    code: 'quota_exceeded',
    detail: `An export is shared with ${MAX_SHARES} people at most.`,
  },
  daw_exports_size: {
    code: 'export_too_large',
    detail: 'The file could last longer than 60 minutes, the most. Choose a shorter range or tail.',
  },
  daw_projects_owner_id_fkey: NO_ACCOUNT,
  daw_exports_requested_by_fkey: NO_ACCOUNT,
  daw_exports_work: {
    code: 'export_too_large',
    detail: 'So many tracks of this length are too much for one export. Choose a shorter range.',
  },
  daw_exports_transition: {
    code: 'illegal_transition',
    detail: 'The export has moved on in the meantime.',
  },
};

/** What an error of the database means for whoever asked; null = a bug of ours. */
export function refusalOfDatabaseError(error: object): Refusal | null {
  const { code, constraint } = error as DatabaseError;
  if (typeof code !== 'string') return null;
  const special = constraint === undefined ? undefined : BY_CONSTRAINT[constraint];
  return special ?? (code.startsWith('08') ? UNAVAILABLE : (BY_CODE[code] ?? null));
}
