import type { ProjectSnapshot } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** The whole project as of its seq, from one statement; null where the caller sees nothing. */
export async function readSnapshot(tx: Tx, projectId: string): Promise<ProjectSnapshot | null> {
  const { rows } = await sql<{ snapshot: ProjectSnapshot | null }>`
    select public.daw_project_snapshot(${projectId}) as snapshot`.execute(tx);
  return rows[0]?.snapshot ?? null;
}

/** The same as the text that it is stored as; null where the caller sees nothing. */
export async function readSnapshotText(tx: Tx, projectId: string): Promise<string | null> {
  const { rows } = await sql<{ snapshot: string | null }>`
    select public.daw_project_snapshot(${projectId})::text as snapshot`.execute(tx);
  return rows[0]?.snapshot ?? null;
}
