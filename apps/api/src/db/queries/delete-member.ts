import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Removes a member who is not the owner; false if there was none to remove. */
export async function deleteMember(
  tx: Tx,
  o: { projectId: string; userId: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from public.daw_project_members
    where project_id = ${o.projectId} and user_id = ${o.userId} and role <> 'owner'`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}
