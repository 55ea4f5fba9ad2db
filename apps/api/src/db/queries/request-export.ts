import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import type { Answer } from './export-row.ts';

export async function requestExport(
  tx: Tx,
  o: { projectId: string; key: string; fingerprint: string; options: object; plan: object },
): Promise<Answer> {
  const { rows } = await sql<{ answer: Answer }>`select public.daw_request_export(${o.projectId},
    ${o.key}, ${o.fingerprint}, ${JSON.stringify(o.options)}::jsonb,
    ${JSON.stringify(o.plan)}::jsonb) as answer`.execute(tx);
  return (rows[0] as { answer: Answer }).answer;
}
