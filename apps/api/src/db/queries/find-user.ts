import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Whose account an address is; null if there is none. */
export async function findUser(tx: Tx, email: string): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select public.daw_find_user(${email}) as id`.execute(tx);
  return rows[0]?.id ?? null;
}
