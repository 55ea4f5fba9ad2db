import { type ProjectRole, RefusedError } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Identity } from '../../auth/identity.ts';
import type { ProjectAccess } from '../../http/define-route.ts';
import type { Tx } from '../in-transaction.ts';

interface Standing {
  readonly role: ProjectRole;
  readonly editable: boolean;
}

/** Why this standing is not enough, for people; null if it is. */
function shortfall(access: ProjectAccess, { role, editable }: Standing): string | null {
  if (access === 'member') return null;
  if (role === 'client') return 'As a client of this project you see the exports shared with you.';
  if (access === 'maker') return null;
  if (!editable) return 'Your account may look at this project, but not change it.';
  if (access === 'owner' && role !== 'owner') return 'Only the owner of the project may do this.';
  return null;
}

/** Refuses with 404 who does not belong to the project, and with 403 whose role is not enough. */
export async function requireProject(
  tx: Tx,
  o: { projectId: string; access: ProjectAccess; identity: Identity },
): Promise<ProjectRole> {
  const { rows } = await sql<Standing>`
    select role, project_id = any (array(select private.my_editable_projects())) as editable
    from public.daw_project_members
    where project_id = ${o.projectId} and user_id = ${o.identity.userId}`.execute(tx);
  const standing = rows[0];
  if (!standing) {
    throw new RefusedError({
      code: 'not_found',
      detail: 'There is no such project, or it is not shared with you.',
    });
  }
  const why = shortfall(o.access, standing);
  if (why) throw new RefusedError({ code: 'forbidden', detail: why });
  return standing.role;
}
