import { asAnon, asUser, type Database } from '@mixdown/database';
import type { Transaction } from 'kysely';
import type { Pool } from 'pg';
import type { Identity } from '../auth/identity.ts';

/** Queries get this, and never the pool: what a request does happens as a whole, with its caller's rights. */
export type Tx = Transaction<Database>;

/** One transaction with the rights of whoever asks. */
export const asCaller = <T>(
  pool: Pool,
  identity: Identity | null,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => (identity ? asUser(pool, identity.claims, work) : asAnon(pool, work));
