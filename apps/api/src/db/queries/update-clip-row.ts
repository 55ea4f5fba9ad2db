import type { Clip } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function updateClipRow(tx: Tx, clip: Clip): Promise<void> {
  await sql`update public.daw_clips set track_id = ${clip.trackId}, start_frame = ${clip.startFrame},
      offset_frames = ${clip.offsetFrames}, length_frames = ${clip.lengthFrames},
      gain_db = ${clip.gainDb}
    where id = ${clip.id}`.execute(tx);
}
