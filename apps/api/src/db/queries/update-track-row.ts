import type { UpdateTrack } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export async function updateTrackRow(
  tx: Tx,
  trackId: string,
  o: Omit<UpdateTrack, 'position'>,
): Promise<void> {
  await sql`update public.daw_tracks set name = coalesce(${o.name ?? null}, name),
    color = coalesce(${o.color ?? null}, color), gain_db = coalesce(${o.gainDb ?? null}, gain_db),
    pan = coalesce(${o.pan ?? null}, pan), muted = coalesce(${o.muted ?? null}, muted),
    soloed = coalesce(${o.soloed ?? null}, soloed)
    where id = ${trackId}`.execute(tx);
}
