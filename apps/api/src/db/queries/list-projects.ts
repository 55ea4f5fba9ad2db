import type { ProjectList } from '@mixdown/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../in-transaction.ts';
import { PROJECT_COLUMNS } from './project-columns.ts';

type Projects = z.output<typeof ProjectList>['projects'];

/** The projects that somebody belongs to, the latest edited first. */
export async function listProjects(tx: Tx, userId: string): Promise<Projects> {
  const { rows } = await sql<Projects[number]>`
    select ${PROJECT_COLUMNS}, m.role,
      (select count(*) from public.daw_tracks t where t.project_id = p.id) as "trackCount"
    from public.daw_project_members m join public.daw_projects p on p.id = m.project_id
    where m.user_id = ${userId}
    order by p.updated_at desc, p.id`.execute(tx);
  return rows;
}
