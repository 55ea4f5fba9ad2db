import type { PluginSlot } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { COLUMNS } from './plugin-columns.ts';

export async function findPlugin(
  tx: Tx,
  o: { projectId: string; pluginId: string },
): Promise<PluginSlot | null> {
  const { rows } = await sql<PluginSlot>`select ${COLUMNS} from public.daw_plugins
    where project_id = ${o.projectId} and id = ${o.pluginId}`.execute(tx);
  return rows[0] ?? null;
}
