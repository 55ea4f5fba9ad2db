import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Numbers the tracks 0, 1, 2, … in this order. */
export async function orderTracks(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`update public.daw_tracks t set position = o.place - 1
    from unnest(${ids}::uuid[]) with ordinality as o (id, place)
    where t.id = o.id and t.position <> o.place - 1`.execute(tx);
}
