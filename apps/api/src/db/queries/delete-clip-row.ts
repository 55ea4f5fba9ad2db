import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function deleteClipRow(tx: Tx, clipId: string): Promise<void> {
  await sql`delete from public.daw_clips where id = ${clipId}`.execute(tx);
}
