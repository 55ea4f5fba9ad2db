import type { Track } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { COLUMNS } from './track-columns.ts';

/** A track of the project; null if there is none. */
export async function findTrack(
  tx: Tx,
  o: { projectId: string; trackId: string },
): Promise<Track | null> {
  const { rows } = await sql<Track>`select ${COLUMNS} from public.daw_tracks
    where project_id = ${o.projectId} and id = ${o.trackId}`.execute(tx);
  return rows[0] ?? null;
}
