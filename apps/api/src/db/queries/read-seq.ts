import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** The project's seq; that of the last edit while the project is locked. */
export async function readSeq(tx: Tx, projectId: string): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select seq from public.daw_projects where id = ${projectId}`.execute(tx);
  return Number(rows[0]?.seq ?? 0);
}
