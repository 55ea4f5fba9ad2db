import type { Claims } from '@mixdown/database';
import { sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Tx } from '../in-transaction.ts';
import type { Answer } from './export-row.ts';

export interface AskedExport {
  readonly projectId: string;
  /** The client's idempotency key. */
  readonly key: string;
  /** Of the request's body: the same key with another one is refused. */
  readonly fingerprint: string;
  readonly options: object;
  readonly plan: object;
}

/** What is to be exported: a project as it was read, as JSON, with its name and its place in the log. */
export interface FrozenProject {
  readonly json: string;
  readonly name: string;
  readonly seq: number;
}

/** Freezes the project as it is now and puts its export into the queue, in the caller's transaction. */
export async function requestExport(tx: Tx, o: AskedExport): Promise<Answer> {
  const { rows } = await sql<{ answer: Answer }>`select public.daw_request_export(${o.projectId},
    ${o.key}, ${o.fingerprint}, ${JSON.stringify(o.options)}::jsonb,
    ${JSON.stringify(o.plan)}::jsonb) as answer`.execute(tx);
  return (rows[0] as { answer: Answer }).answer;
}

// A case evaluates its condition first.
const ENQUEUE = `select case when set_config('request.jwt.claims', $1, true) is not null then
  private.enqueue_export($2, $3, $4, $5, $6, $7, $8, $9) end as answer`;

/**
 * Puts the export of a project that has been read into the queue: one prepared statement, which is its own
 * transaction, where a transaction with the caller's rights is three round trips. The statement is the login's, which
 * owns the function; whose request it is stands in the claims, and the function judges by them alone.
 */
export async function enqueueExport(
  pool: Pool | PoolClient,
  claims: Claims,
  o: AskedExport,
  project: FrozenProject,
): Promise<Answer> {
  const { rows } = await pool.query<{ answer: Answer }>({
    name: 'enqueue_export',
    text: ENQUEUE,
    values: [
      JSON.stringify({ ...claims, role: 'authenticated' }),
      o.projectId,
      o.key,
      o.fingerprint,
      JSON.stringify(o.options),
      JSON.stringify(o.plan),
      project.json,
      project.name,
      project.seq,
    ],
  });
  return (rows[0] as { answer: Answer }).answer;
}
