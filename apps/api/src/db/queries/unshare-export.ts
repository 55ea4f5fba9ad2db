import type { Refusal } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

type Answer = { removed: true } | { refusal: Refusal };

/** Ends a share; `userId` null: the one with every client of the project. */
export async function unshareExport(
  tx: Tx,
  exportId: string,
  userId: string | null,
): Promise<Answer> {
  const { rows } = await sql<{ answer: Answer }>`
    select public.daw_unshare_export(${exportId}, ${userId}) as answer`.execute(tx);
  return (rows[0] as { answer: Answer }).answer;
}
