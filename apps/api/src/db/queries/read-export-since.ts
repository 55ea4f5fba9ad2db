import { sql } from 'kysely';
import type { ExportSince } from '../../exports/stream/export-events.ts';
import type { Tx } from '../in-transaction.ts';
import { COLUMNS, type ExportRow, FROM, IS_MINE } from './export-row.ts';

type Row = ExportRow & Pick<ExportSince, 'changes' | 'lastChangeId'>;

/**
 * An export, and its changes after one of them; none where `afterChangeId` is null. In one statement, so that both are
 * of the same moment. Null where the caller does not see it.
 */
export async function readExportSince(
  tx: Tx,
  exportId: string,
  afterChangeId: number | null,
): Promise<ExportSince | null> {
  const { rows } = await sql<Row>`select ${COLUMNS},
      coalesce((select jsonb_agg(jsonb_build_object('id', v.id, 'from', v.from_status,
          'to', v.to_status, 'at', private.iso(v.at), 'attempt', v.attempt,
          'reason', case when v.actor not like 'admin:%' then v.reason end) order by v.id)
        from public.daw_export_events v
        where v.project_id = e.project_id and v.export_id = e.id and v.id > ${afterChangeId}), '[]') as changes,
      coalesce((select max(v.id) from public.daw_export_events v
        where v.project_id = e.project_id and v.export_id = e.id), 0) as "lastChangeId"
    ${FROM} where e.id = ${exportId} and ${IS_MINE}`.execute(tx);
  if (!rows[0]) return null;
  const { changes, lastChangeId, ...row } = rows[0];
  return { row, changes, lastChangeId };
}
