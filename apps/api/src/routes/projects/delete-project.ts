import { deleteProject } from '../../db/queries/delete-project.ts';
import { NoContent, ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'DELETE',
  url: '/projects/:projectId',
  operationId: 'deleteProject',
  summary: 'Delete a project',
  description: 'With its tracks, audio and exports. This cannot be undone.',
  tag: 'Projects',
  access: 'owner',
  params: ProjectParams,
  response: { 204: NoContent },
  async handle({ tx, params }) {
    await deleteProject(tx, params.projectId);
  },
});
