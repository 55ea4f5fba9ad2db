import { RefusedError } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/**
 * Holds the project until the end of the transaction, so that edits follow one another. Refuses who may not edit:
 * row-level security shows nobody else a row to lock.
 */
export async function lockProject(tx: Tx, projectId: string): Promise<{ sampleRate: number }> {
  const { rows } = await sql<{ sampleRate: number }>`
    select sample_rate as "sampleRate" from public.daw_projects
    where id = ${projectId} for update`.execute(tx);
  if (rows[0]) return rows[0];
  throw new RefusedError({ code: 'forbidden', detail: 'You may not edit this project.' });
}
