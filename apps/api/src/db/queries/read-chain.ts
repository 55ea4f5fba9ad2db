import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** The ids of a track's chain, in order. */
export async function readChain(tx: Tx, trackId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from public.daw_plugins
    where track_id = ${trackId} order by position`.execute(tx);
  return rows.map((row) => row.id);
}
