import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Puts exactly these plugins, in this order, on the track. */
export async function writeChain(
  tx: Tx,
  trackId: string,
  pluginIds: readonly string[],
): Promise<void> {
  await sql`update public.daw_plugins p set track_id = ${trackId}, position = o.place - 1
    from unnest(${pluginIds}::uuid[]) with ordinality as o (id, place)
    where p.id = o.id and (p.track_id, p.position) is distinct from (${trackId}::uuid, o.place - 1)`.execute(
    tx,
  );
}
