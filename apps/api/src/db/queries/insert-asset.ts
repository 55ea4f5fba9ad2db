import type { Asset } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { COLUMNS } from './asset-columns.ts';

export async function insertAsset(tx: Tx, asset: Omit<Asset, 'createdAt'>): Promise<Asset> {
  const { rows } = await sql<Asset>`insert into public.daw_assets (id, project_id, name, channels,
      sample_rate, frames, source_format, source_sample_rate, bytes, sha256)
    values (${asset.id}, ${asset.projectId}, ${asset.name}, ${asset.channels}, ${asset.sampleRate},
      ${asset.frames}, ${asset.sourceFormat}, ${asset.sourceSampleRate}, ${asset.bytes},
      ${asset.sha256})
    returning ${COLUMNS}`.execute(tx);
  return rows[0] as Asset;
}
