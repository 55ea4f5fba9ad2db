import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Adds a member, or changes their role; the owner stays the owner (false). */
export async function putMember(
  tx: Tx,
  o: { projectId: string; userId: string; role: 'editor' | 'client' },
): Promise<boolean> {
  const { rows } = await sql<{ role: string }>`
    select role from public.daw_project_members
    where project_id = ${o.projectId} and user_id = ${o.userId}`.execute(tx);
  if (rows[0]?.role === 'owner') return false;
  await sql`insert into public.daw_project_members (project_id, user_id, role)
    values (${o.projectId}, ${o.userId}, ${o.role})
    on conflict (project_id, user_id) do update set role = excluded.role`.execute(tx);
  return true;
}
