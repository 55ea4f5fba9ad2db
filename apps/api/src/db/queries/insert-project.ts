import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** A new, empty project; returns its id. */
export async function insertProject(
  tx: Tx,
  o: { ownerId: string; name: string; tempo: number; sampleRate: number },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into public.daw_projects (owner_id, name, tempo, sample_rate)
    values (${o.ownerId}, ${o.name}, ${o.tempo}, ${o.sampleRate}) returning id`.execute(tx);
  return (rows[0] as { id: string }).id;
}
