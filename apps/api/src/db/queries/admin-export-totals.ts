import type { AdminUserTotals } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** What these users have exported, the busiest of the last day first. Empty for whoever is no admin. */
export async function adminExportTotals(
  tx: Tx,
  userIds: readonly string[],
): Promise<AdminUserTotals[]> {
  const { rows } = await sql<AdminUserTotals>`
    select user_id as "userId", email, exports, exports_last_day as "exportsLastDay", bytes,
      bytes_last_day as "bytesLastDay", suspended, suspended_reason as "suspendedReason"
    from public.admin_export_totals(${[...userIds]}::uuid[])`.execute(tx);
  return rows;
}
