import { refuse } from '@mixdown/contract';
import { deleteMember } from '../../db/queries/delete-member.ts';
import { listMembers } from '../../db/queries/list-members.ts';
import { MemberParams, NoContent } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'DELETE',
  url: '/projects/:projectId/members/:userId',
  operationId: 'removeMember',
  summary: 'Remove somebody, or leave',
  description: 'The owner removes others; everybody else may leave. The owner stays.',
  tag: 'Members',
  access: 'member',
  params: MemberParams,
  response: { 204: NoContent },
  refusals: ['forbidden'],
  async handle({ tx, params }) {
    if (await deleteMember(tx, params)) return;
    const member = (await listMembers(tx, params.projectId)).find(
      ({ userId }) => userId === params.userId,
    );
    if (!member) throw refuse('not_found', 'There is no such member.');
    throw refuse(
      'forbidden',
      member.role === 'owner'
        ? 'The owner of a project stays its owner; delete the project instead.'
        : 'Only the owner removes others.',
    );
  },
});
