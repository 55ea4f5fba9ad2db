import type { ExportStatus } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { COLUMNS, type ExportRow, FROM, IS_MAKER, IS_MINE } from './export-row.ts';
import type { Position } from './position.ts';

export interface MyExportRow extends ExportRow {
  readonly shared: boolean;
  readonly sharedAt: string | null;
  readonly sharedBy: string | null;
  readonly version: number;
  /** When it was requested, to the microsecond. */
  readonly at: string;
}

const SHARED_AT = sql`(select private.iso(min(s.created_at)) from public.daw_export_shares s
  where s.export_id = e.id and (s.user_id = auth.uid() or s.user_id is null))`;

/** Exports that the caller sees, across projects, newest first: up to `limit`, behind a position. */
export async function listMyExports(
  tx: Tx,
  o: {
    readonly shared: boolean | undefined;
    readonly projectId: string | undefined;
    readonly status: ExportStatus | undefined;
    readonly after: Position | null;
    readonly limit: number;
  },
): Promise<MyExportRow[]> {
  const conditions = [IS_MINE];
  if (o.shared !== undefined) conditions.push(o.shared ? sql`not ${IS_MAKER}` : IS_MAKER);
  if (o.projectId) conditions.push(sql`e.project_id = ${o.projectId}`);
  if (o.status) conditions.push(sql`e.status = ${o.status}`);
  if (o.after)
    conditions.push(sql`(e.created_at, e.id) < (${o.after.at}::timestamptz, ${o.after.id}::uuid)`);
  const { rows } = await sql<MyExportRow>`
    select ${COLUMNS}, not ${IS_MAKER} as shared,
      case when not ${IS_MAKER} then ${SHARED_AT} end as "sharedAt",
      case when not ${IS_MAKER} then public.daw_export_shared_by(e.id) end as "sharedBy",
      public.daw_export_version(e.id) as version,
      to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    ${FROM} where ${sql.join(conditions, sql` and `)}
    order by e.created_at desc, e.id desc limit ${o.limit}`.execute(tx);
  return rows;
}
