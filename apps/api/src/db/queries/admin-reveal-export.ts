import type { Refusal } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import type { ExportRow } from './export-row.ts';

export interface Revealed {
  readonly objectKey: string;
  readonly projectName: string;
  readonly fileName: string | null;
  readonly options: ExportRow['options'];
}

/** Where the file of an export is, for an admin who says why; written down. */
export async function adminRevealExport(
  tx: Tx,
  exportId: string,
  reason: string,
): Promise<Revealed | { refusal: Refusal }> {
  type Answer = Revealed | { refusal: Refusal };
  const { rows } = await sql<{ answer: Answer }>`
    select public.admin_reveal_export(${exportId}, ${reason}) as answer`.execute(tx);
  return (rows[0] as { answer: Answer }).answer;
}
