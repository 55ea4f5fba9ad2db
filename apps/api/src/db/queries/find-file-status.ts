import { asService } from '@mixdown/database';
import { sql } from 'kysely';
import type { Pool } from 'pg';

/** Exports in storage are at exports/<project>/<export>/<lease token>.<ext>. */
const EXPORT_KEY = /^exports\/[0-9a-f-]{36}\/([0-9a-f-]{36})\/[^/]+$/;

/** What has become of the export whose file this is: `served`, `held` (in review) or `gone`; null for other files. */
export async function findFileStatus(
  pool: Pool,
  key: string,
): Promise<'served' | 'held' | 'gone' | null> {
  const exportId = EXPORT_KEY.exec(key)?.[1];
  if (!exportId) return null;
  const { rows } = await asService(pool, (tx) =>
    sql<{ status: 'served' | 'held' | 'gone' }>`
      select case
        when status <> 'completed' or object_key <> ${key} then 'gone'
        when quarantined_at is not null then 'held'
        else 'served' end as status
      from public.daw_exports where id = ${exportId}`.execute(tx),
  );
  return rows[0]?.status ?? 'gone';
}
