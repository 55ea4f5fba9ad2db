import { asService, asUser } from '@mixdown/database';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import type { Tx } from '../in-transaction.ts';

/** Exports in storage are at exports/<project>/<export>/<lease token>.<ext>. */
const EXPORT_KEY = /^exports\/[0-9a-f-]{36}\/([0-9a-f-]{36})\/[^/]+$/;

/**
 * What has become of the export whose file this is: `served`, `held` (in review) or `gone`; null for other files. Of what
 * `viewer` may not see (any more) it is gone; without one, nobody's rights are looked at.
 */
export async function findFileStatus(
  pool: Pool,
  { key, viewer }: { readonly key: string; readonly viewer?: string },
): Promise<'served' | 'held' | 'gone' | null> {
  const exportId = EXPORT_KEY.exec(key)?.[1];
  if (!exportId) return null;
  const read = (tx: Tx) =>
    sql<{ status: 'served' | 'held' | 'gone' }>`
      select case
        when status <> 'completed' or object_key <> ${key} then 'gone'
        when quarantined_at is not null then 'held'
        else 'served' end as status
      from public.daw_exports where id = ${exportId}`.execute(tx);
  const { rows } = await (viewer === undefined
    ? asService(pool, read)
    : asUser(pool, { sub: viewer }, read));
  return rows[0]?.status ?? 'gone';
}
