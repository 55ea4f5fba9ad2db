import type { Operation } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** The operation of a project's log with this id; null where there is none, or not any more. */
export async function findOperation(
  tx: Tx,
  o: { projectId: string; opId: string },
): Promise<Operation | null> {
  const { rows } = await sql<Operation>`
    select seq, op_id as "opId", kind, payload, actor from public.daw_operations
    where project_id = ${o.projectId} and op_id = ${o.opId}`.execute(tx);
  return rows[0] ?? null;
}
