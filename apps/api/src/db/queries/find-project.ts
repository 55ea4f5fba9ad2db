import type { Project } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';
import { PROJECT_COLUMNS } from './project-columns.ts';

export async function findProject(tx: Tx, projectId: string): Promise<Project | null> {
  const { rows } = await sql<Project>`
    select ${PROJECT_COLUMNS} from public.daw_projects p where p.id = ${projectId}`.execute(tx);
  return rows[0] ?? null;
}
