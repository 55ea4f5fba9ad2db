import type { ExportPeaks, Refusal } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** The picture of an export that the caller may hear, null where there is none, or why they may not. */
export async function findExportPeaks(
  tx: Tx,
  exportId: string,
): Promise<{ peaks: ExportPeaks | null } | { refusal: Refusal }> {
  type Found = { peaks: ExportPeaks | null } | { refusal: Refusal };
  const { rows } = await sql<{ found: Found }>`
    select public.daw_export_peaks(${exportId}) as found`.execute(tx);
  return (rows[0] as { found: Found }).found;
}
