import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Ids of the project's tracks, by position. */
export async function listTrackIds(tx: Tx, projectId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from public.daw_tracks
    where project_id = ${projectId} order by position`.execute(tx);
  return rows.map((row) => row.id);
}
