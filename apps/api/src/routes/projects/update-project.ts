import { Project, UpdateProject } from '@mixdown/contract';
import { updateProject } from '../../edits/update-project.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { EditHeaders } from '../../http/edit-headers.ts';
import { editorOf } from '../../http/editor-of.ts';

export default defineRoute({
  method: 'PATCH',
  url: '/projects/:projectId',
  operationId: 'updateProject',
  summary: 'Rename a project or change its tempo',
  tag: 'Projects',
  access: 'editor',
  params: ProjectParams,
  headers: EditHeaders,
  body: UpdateProject.meta({ examples: [{ name: 'Night drive (final)' }, { tempo: 101.5 }] }),
  response: { 200: Project },
  refusals: ['idempotency_key_reused'],
  handle: async (context) => (await updateProject(editorOf(context), context.body)).project,
});
