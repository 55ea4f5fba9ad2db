import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { type ExportRow, SELECT } from './export-row.ts';

export async function findExport(tx: Tx, exportId: string): Promise<ExportRow | null> {
  const { rows } = await sql<ExportRow>`${SELECT} where e.id = ${exportId}`.execute(tx);
  return rows[0] ?? null;
}
