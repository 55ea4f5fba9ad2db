import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export const OPERATION_KINDS = [
  'project.update',
  'track.add',
  'track.update',
  'track.remove',
  'clip.add',
  'clip.update',
  'clip.remove',
  'plugin.add',
  'plugin.params',
  'plugin.update',
  'plugin.move',
  'plugin.remove',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

export interface Operation {
  readonly kind: OperationKind;
  readonly payload: Readonly<Record<string, unknown>>;
  /** By which a repeated operation is known; by default a new one. */
  readonly opId?: string | undefined;
}

/** Writes an edit into the project's log and tells whoever listens. Returns its seq. */
export async function appendOperation(
  tx: Tx,
  projectId: string,
  { kind, payload, opId = crypto.randomUUID() }: Operation,
): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select public.daw_append_operation(${projectId}, ${opId}, ${kind},
      ${JSON.stringify(payload)}::jsonb) as seq`.execute(tx);
  return Number(rows[0]?.seq);
}
