import type { Clip } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function findClip(
  tx: Tx,
  o: { projectId: string; clipId: string },
): Promise<Clip | null> {
  const { rows } = await sql<Clip>`select id, project_id as "projectId", track_id as "trackId",
      asset_id as "assetId", start_frame as "startFrame", offset_frames as "offsetFrames",
      length_frames as "lengthFrames", gain_db as "gainDb"
    from public.daw_clips where project_id = ${o.projectId} and id = ${o.clipId}`.execute(tx);
  return rows[0] ?? null;
}
