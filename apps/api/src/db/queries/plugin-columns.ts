import type { PluginSlot } from '@mixdown/contract';
import { sql } from 'kysely';

export const COLUMNS = sql`id, project_id as "projectId", track_id as "trackId", position,
  catalog_id as "catalogId", version, integrity, params, state, bypassed, mix, fence,
  private.iso(created_at) as "createdAt", private.iso(updated_at) as "updatedAt"`;

/** What an update changes; what it does not name stays, and null takes the opaque state away. */
export interface PluginChange {
  readonly params?: PluginSlot['params'] | undefined;
  readonly state?: string | null | undefined;
  readonly bypassed?: boolean | undefined;
  readonly mix?: number | undefined;
}
