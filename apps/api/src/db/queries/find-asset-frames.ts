import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Frames of an asset of this project; null if it has no such asset. */
export async function findAssetFrames(
  tx: Tx,
  o: { projectId: string; assetId: string },
): Promise<number | null> {
  const { rows } = await sql<{ frames: number }>`select frames from public.daw_assets
    where project_id = ${o.projectId} and id = ${o.assetId}`.execute(tx);
  return rows[0]?.frames ?? null;
}
