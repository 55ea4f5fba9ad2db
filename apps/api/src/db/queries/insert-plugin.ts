import type { PluginSlot } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function insertPlugin(
  tx: Tx,
  slot: Omit<PluginSlot, 'fence' | 'createdAt' | 'updatedAt' | 'state'>,
): Promise<void> {
  await sql`insert into public.daw_plugins (id, project_id, track_id, position, catalog_id, version,
      integrity, params, bypassed, mix)
    values (${slot.id}, ${slot.projectId}, ${slot.trackId}, ${slot.position}, ${slot.catalogId},
      ${slot.version}, ${slot.integrity}, ${JSON.stringify(slot.params)}::jsonb,
      ${slot.bypassed}, ${slot.mix})`.execute(tx);
}
