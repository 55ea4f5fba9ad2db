import { MemberList } from '@mixdown/contract';
import { listMembers } from '../../db/queries/list-members.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/projects/:projectId/members',
  operationId: 'listMembers',
  summary: 'Who belongs to a project',
  description: 'Clients see the owner and themselves.',
  tag: 'Members',
  access: 'member',
  params: ProjectParams,
  response: { 200: MemberList },
  async handle({ tx, params }) {
    return { members: await listMembers(tx, params.projectId) };
  },
});
