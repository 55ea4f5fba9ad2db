import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import type { Answer } from './export-row.ts';

export async function retryExport(tx: Tx, exportId: string): Promise<Answer> {
  const { rows } = await sql<{ answer: Answer }>`
    select public.retry_export(${exportId}) as answer`.execute(tx);
  return (rows[0] as { answer: Answer }).answer;
}
