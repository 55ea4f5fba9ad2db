import type { Track } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function insertTrack(
  tx: Tx,
  track: Pick<Track, 'id' | 'projectId' | 'name' | 'color' | 'position'>,
): Promise<void> {
  await sql`insert into public.daw_tracks (id, project_id, name, color, position)
    values (${track.id}, ${track.projectId}, ${track.name}, ${track.color}, ${track.position})`.execute(
    tx,
  );
}
