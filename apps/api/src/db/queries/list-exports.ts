import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { COLUMNS, type ExportRow, FROM, IS_MINE, MOST_LISTED } from './export-row.ts';

/** The latest exports of a project that the caller sees, newest first. */
export async function listExports(tx: Tx, projectId: string): Promise<ExportRow[]> {
  const { rows } = await sql<ExportRow>`select ${COLUMNS} ${FROM}
    where e.project_id = ${projectId} and ${IS_MINE}
    order by e.created_at desc, e.id limit ${MOST_LISTED}`.execute(tx);
  return rows;
}
