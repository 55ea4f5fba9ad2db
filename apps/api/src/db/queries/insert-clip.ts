import type { Clip } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function insertClip(tx: Tx, clip: Clip): Promise<void> {
  await sql`insert into public.daw_clips (id, project_id, track_id, asset_id, start_frame,
      offset_frames, length_frames, gain_db)
    values (${clip.id}, ${clip.projectId}, ${clip.trackId}, ${clip.assetId}, ${clip.startFrame},
      ${clip.offsetFrames}, ${clip.lengthFrames}, ${clip.gainDb})`.execute(tx);
}
