import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Where the file of an export stands, or stood; null where there is none, or the caller sees no such export. */
export async function findObjectKey(tx: Tx, exportId: string): Promise<string | null> {
  const { rows } = await sql<{ key: string | null }>`
    select object_key as key from public.daw_exports where id = ${exportId}`.execute(tx);
  return rows[0]?.key ?? null;
}
