import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function deletePluginRow(tx: Tx, pluginId: string): Promise<void> {
  await sql`delete from public.daw_plugins where id = ${pluginId}`.execute(tx);
}
