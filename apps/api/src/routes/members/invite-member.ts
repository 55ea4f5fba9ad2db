import { InviteMember, Member, refuse } from '@mixdown/contract';
import { findUser } from '../../db/queries/find-user.ts';
import { LOOKUPS_PER_MINUTE, ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { setMember } from './set-member.ts';

export default defineRoute({
  method: 'PUT',
  url: '/projects/:projectId/members',
  operationId: 'inviteMember',
  summary: 'Add somebody by e-mail',
  description: 'They need an account already. Who belongs to the project gets the new role.',
  tag: 'Members',
  access: 'owner',
  perMinute: LOOKUPS_PER_MINUTE,
  refuseGuests: 'Sign up to work on a project together.',
  params: ProjectParams,
  body: InviteMember.meta({ examples: [{ email: 'ana@example.org', role: 'editor' }] }),
  response: { 200: Member },
  async handle({ tx, params, body }) {
    const userId = await findUser(tx, body.email);
    if (!userId) throw refuse('not_found', `Nobody has an account with ${body.email} yet.`);
    return setMember(tx, { ...params, userId, role: body.role });
  },
});
