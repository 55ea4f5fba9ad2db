import type { Refusal, Share } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

type Answer = { shares: Share[] } | { refusal: Refusal };

/** Whom an export is shown to, as far as the caller may know. */
export async function listShares(tx: Tx, exportId: string): Promise<Answer> {
  const { rows } = await sql<{ answer: Answer }>`
    select public.daw_list_shares(${exportId}) as answer`.execute(tx);
  return (rows[0] as { answer: Answer }).answer;
}
