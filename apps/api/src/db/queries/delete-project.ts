import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Removes the project with all that belongs to it; its audio goes once no copy needs it. */
export async function deleteProject(tx: Tx, projectId: string): Promise<void> {
  await sql`delete from public.daw_projects where id = ${projectId}`.execute(tx);
}
