import { Project, refuse, UpdateProject } from '@mixdown/contract';
import { appendOperation } from '../../db/queries/append-operation.ts';
import { findProject } from '../../db/queries/find-project.ts';
import { lockProject } from '../../db/queries/lock-project.ts';
import { updateProject } from '../../db/queries/update-project.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'PATCH',
  url: '/projects/:projectId',
  operationId: 'updateProject',
  summary: 'Rename a project or change its tempo',
  tag: 'Projects',
  access: 'editor',
  params: ProjectParams,
  body: UpdateProject.meta({ examples: [{ name: 'Night drive (final)' }, { tempo: 101.5 }] }),
  response: { 200: Project },
  async handle({ tx, params: { projectId }, body }) {
    await lockProject(tx, projectId);
    if (Object.keys(body).length > 0) {
      await updateProject(tx, projectId, body);
      await appendOperation(tx, projectId, { kind: 'project.update', payload: { patch: body } });
    }
    const project = await findProject(tx, projectId);
    if (!project) throw refuse('not_found', 'There is no such project.');
    return project;
  },
});
