import { ProjectList } from '@mixdown/contract';
import { listProjects } from '../../db/queries/list-projects.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/projects',
  operationId: 'listProjects',
  summary: 'Your projects',
  description: 'Those that you own, edit, or are a client of; the latest edited first.',
  tag: 'Projects',
  access: 'account',
  response: { 200: ProjectList },
  async handle({ tx, request }) {
    return { projects: await listProjects(tx, requireIdentity(request).userId) };
  },
});
