import type { Asset } from '@mixdown/contract';
import { sql } from 'kysely';

export const COLUMNS = sql`id, project_id as "projectId", name, channels, sample_rate as "sampleRate", frames,
  source_format as "sourceFormat", source_sample_rate as "sourceSampleRate", bytes, sha256,
  private.iso(created_at) as "createdAt"`;

/** Where the audio lies besides what people see of it: copies of the demo share their objects. */
export type AssetRow = Asset & { readonly storageKey: string; readonly peaksKey: string };
