import { Member, PutMember, refuse } from '@mixdown/contract';
import { MemberParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { setMember } from './set-member.ts';

const isUnknownUser = (error: unknown) =>
  error instanceof Error && (error as Error & { code?: string }).code === '23503';

export default defineRoute({
  method: 'PUT',
  url: '/projects/:projectId/members/:userId',
  operationId: 'putMember',
  summary: 'Give somebody a role',
  tag: 'Members',
  access: 'owner',
  refuseGuests: 'Sign up to work on a project together.',
  params: MemberParams,
  body: PutMember.meta({ examples: [{ role: 'client' }] }),
  response: { 200: Member },
  async handle({ tx, params, body }) {
    try {
      return await setMember(tx, { ...params, role: body.role });
    } catch (error) {
      if (isUnknownUser(error)) throw refuse('not_found', 'There is no such account.');
      throw error;
    }
  },
});
