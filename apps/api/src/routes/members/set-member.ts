import { type Member, type PutMember, refuse } from '@mixdown/contract';
import type { z } from 'zod';
import type { Tx } from '../../db/in-transaction.ts';
import { listMembers } from '../../db/queries/list-members.ts';
import { putMember } from '../../db/queries/put-member.ts';

/** Gives somebody a role in the project, whether they belong to it already or not. */
export async function setMember(
  tx: Tx,
  o: { projectId: string; userId: string; role: z.output<typeof PutMember>['role'] },
): Promise<z.output<typeof Member>> {
  if (!(await putMember(tx, o))) {
    throw refuse('forbidden', 'The owner of a project stays its owner.');
  }
  const member = (await listMembers(tx, o.projectId)).find((m) => m.userId === o.userId);
  if (!member) throw refuse('not_found', 'There is no such account.');
  return member;
}
