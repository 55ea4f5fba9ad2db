import type { Refusal } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** What may be downloaded of an export that the caller sees, or why nothing may. */
export async function findDownload(
  tx: Tx,
  exportId: string,
): Promise<{ objectKey: string } | { refusal: Refusal }> {
  type File = { objectKey: string } | { refusal: Refusal };
  const { rows } = await sql<{ file: File }>`
    select public.daw_export_download(${exportId}) as file`.execute(tx);
  return (rows[0] as { file: File }).file;
}
