import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function updateProject(
  tx: Tx,
  projectId: string,
  o: { name?: string | undefined; tempo?: number | undefined },
): Promise<void> {
  await sql`update public.daw_projects
    set name = coalesce(${o.name ?? null}, name), tempo = coalesce(${o.tempo ?? null}, tempo)
    where id = ${projectId}`.execute(tx);
}
