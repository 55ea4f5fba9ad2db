import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** A copy of the demo project for whoever asks; returns its id, or null where there is no demo. */
export async function copyDemo(tx: Tx, name: string): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select public.daw_copy_demo(${name}) as id`.execute(tx);
  return rows[0]?.id ?? null;
}
