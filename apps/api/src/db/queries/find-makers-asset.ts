import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { type AssetRow, COLUMNS } from './asset-columns.ts';

/** An asset of a project whose maker asks; null otherwise. */
export async function findMakersAsset(
  tx: Tx,
  o: { assetId: string; userId: string },
): Promise<AssetRow | null> {
  const { rows } = await sql<AssetRow>`
    select ${COLUMNS}, storage_key as "storageKey", peaks_key as "peaksKey"
    from public.daw_assets where id = ${o.assetId} and project_id in (
      select project_id from public.daw_project_members
      where user_id = ${o.userId} and role <> 'client')`.execute(tx);
  return rows[0] ?? null;
}
