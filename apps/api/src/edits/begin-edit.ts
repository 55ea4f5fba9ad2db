import { type Operation, type OperationKind, refuse } from '@mixdown/contract';
import { findOperation } from '../db/queries/find-operation.ts';
import { lockProject } from '../db/queries/lock-project.ts';
import type { Editor } from './editor.ts';

type Of<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;

/**
 * Holds the project, so that edits follow one another, and looks whether this one has been done before: the operation
 * of the first time, or null. Refuses an id under which something else was done.
 */
export async function beginEdit<K extends OperationKind>(
  { tx, projectId, opId }: Editor,
  kinds: readonly K[],
): Promise<Of<K> | null> {
  await lockProject(tx, projectId);
  const done = opId === undefined ? null : await findOperation(tx, { projectId, opId });
  if (!done) return null;
  if (kinds.some((kind) => kind === done.kind)) return done as Of<K>;
  throw refuse(
    'idempotency_key_reused',
    `This operation id stands for another edit (${done.kind}); take a new one for each edit.`,
  );
}
