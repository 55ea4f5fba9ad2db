import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg, { type Pool } from 'pg';
import type { Database } from './types.ts';

/** What the database looks at in a verified token. */
export interface Claims {
  /** The user's id. */
  readonly sub: string;
  readonly email?: string | undefined;
  readonly is_anonymous?: boolean | undefined;
  readonly app_metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly [claim: string]: unknown;
}

export type Work<T> = (trx: Transaction<Database>) => Promise<T>;

const handles = new WeakMap<Pool, Kysely<Database>>();

/** The Kysely handle of a pool. It has the rights of the pool's own login: for start-up and tests. */
export function kyselyOf(pool: Pool): Kysely<Database> {
  let db = handles.get(pool);
  if (!db) {
    db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    handles.set(pool, db);
  }
  return db;
}

/**
 * The role and the claims end with the transaction, so that nothing leaks to the connection's next user. They go out
 * with its `begin`, in one message: every request of the API pays for this round trip.
 */
function asRole<T>(pool: Pool, role: string, claims: object | null, work: Work<T>): Promise<T> {
  const begin = `begin; select set_config('role', ${pg.escapeLiteral(role)}, true),
    set_config('request.jwt.claims', ${pg.escapeLiteral(claims ? JSON.stringify(claims) : '')}, true)`;
  return kyselyOf(pool)
    .connection()
    .execute(async (connection) => {
      const send = (statement: string) => sql.raw(statement).execute(connection);
      try {
        await send(begin);
        // All that `work` may do with it is what a transaction and its connection have in common.
        const result = await work(connection as Transaction<Database>);
        await send('commit');
        return result;
      } catch (error) {
        // A connection that broke has rolled back by itself, and why it broke is what matters.
        await send('rollback').catch(() => {});
        throw error;
      }
    });
}

/** One transaction with the rights of the signed-in user; rolled back if `work` rejects. */
export const asUser = <T>(pool: Pool, claims: Claims, work: Work<T>): Promise<T> =>
  asRole(pool, 'authenticated', { ...claims, role: 'authenticated' }, work);

/** One transaction with the rights of somebody without a token. */
export const asAnon = <T>(pool: Pool, work: Work<T>): Promise<T> =>
  asRole(pool, 'anon', null, work);

/** One transaction with the rights of the service: row-level security does not apply. */
export const asService = <T>(pool: Pool, work: Work<T>): Promise<T> =>
  asRole(pool, 'service_role', { role: 'service_role' }, work);
