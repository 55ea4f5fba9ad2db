import { ProjectSnapshot, refuse } from '@mixdown/contract';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/projects/:projectId',
  operationId: 'readProject',
  summary: 'A whole project',
  description: 'Tracks, clips, audio and chains as of `project.seq`, from one instant.',
  tag: 'Projects',
  access: 'maker',
  params: ProjectParams,
  response: { 200: ProjectSnapshot },
  async handle({ tx, params }) {
    const snapshot = await readSnapshot(tx, params.projectId);
    if (!snapshot) throw refuse('not_found', 'There is no such project.');
    return snapshot;
  },
});
