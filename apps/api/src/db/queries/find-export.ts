import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { COLUMNS, type ExportRow, FROM, IS_MINE } from './export-row.ts';

export async function findExport(tx: Tx, exportId: string): Promise<ExportRow | null> {
  const { rows } = await sql<ExportRow>`select ${COLUMNS} ${FROM}
    where e.id = ${exportId} and ${IS_MINE}`.execute(tx);
  return rows[0] ?? null;
}
