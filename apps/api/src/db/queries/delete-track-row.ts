import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Removes the track with its clips and its chain. */
export async function deleteTrackRow(tx: Tx, trackId: string): Promise<void> {
  await sql`delete from public.daw_tracks where id = ${trackId}`.execute(tx);
}
