import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import type { PluginChange } from './plugin-columns.ts';

export async function updatePluginRow(tx: Tx, pluginId: string, o: PluginChange): Promise<void> {
  const params = o.params ? JSON.stringify(o.params) : null;
  await sql`update public.daw_plugins set
      params = params || coalesce(${params}::jsonb, '{}'),
      state = case when ${o.state !== undefined} then ${o.state ?? null} else state end,
      bypassed = coalesce(${o.bypassed ?? null}, bypassed), mix = coalesce(${o.mix ?? null}, mix)
    where id = ${pluginId}`.execute(tx);
}
