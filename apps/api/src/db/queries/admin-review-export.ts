import type { AdminReview, Refusal } from '@mixdown/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../in-transaction.ts';

export type ReviewAction = 'claim' | 'quarantine' | 'release' | 'revoke';
type Answer = z.output<typeof AdminReview> | { refusal: Refusal };

/** Does what an admin decided about an export, and writes it down. */
export async function adminReviewExport(
  tx: Tx,
  o: { exportId: string; action: ReviewAction; reason: string },
): Promise<Answer> {
  const { rows } = await sql<{ answer: Answer }>`
    select public.admin_review_export(${o.exportId}, ${o.action}, ${o.reason}) as answer`.execute(
    tx,
  );
  return (rows[0] as { answer: Answer }).answer;
}
