import type { AdminSuspension, Refusal } from '@mixdown/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../in-transaction.ts';

type Answer = z.output<typeof AdminSuspension> | { refusal: Refusal };

/** Takes somebody's right to export, or gives it back, and writes it down. */
export async function adminSuspendUser(
  tx: Tx,
  o: { userId: string; suspend: boolean; reason: string },
): Promise<Answer> {
  const { rows } = await sql<{ answer: Answer }>`select ${
    o.suspend
      ? sql`public.admin_suspend_user(${o.userId}, ${o.reason})`
      : sql`public.admin_reinstate_user(${o.userId}, ${o.reason})`
  } as answer`.execute(tx);
  return (rows[0] as { answer: Answer }).answer;
}
