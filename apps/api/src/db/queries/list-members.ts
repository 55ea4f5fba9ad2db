import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import type { MemberRow } from './member-row.ts';

/** Members with their addresses: all for the makers, the owner and oneself for clients. */
export async function listMembers(tx: Tx, projectId: string): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select user_id as "userId", email, role from public.daw_list_members(${projectId})`.execute(tx);
  return rows;
}
