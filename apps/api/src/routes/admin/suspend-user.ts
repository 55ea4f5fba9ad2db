import { AdminReason, AdminSuspension, RefusedError } from '@mixdown/contract';
import { adminSuspendUser } from '../../db/queries/admin-suspend-user.ts';
import { UserParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

const suspension = (o: {
  readonly suspend: boolean;
  readonly summary: string;
  readonly description: string;
  readonly example: string;
}) =>
  defineRoute({
    method: 'POST',
    url: `/admin/users/:userId/${o.suspend ? 'suspend' : 'reinstate'}`,
    operationId: o.suspend ? 'suspendUser' : 'reinstateUser',
    summary: o.summary,
    description: `${o.description} The reason is kept for good.`,
    tag: 'Admin',
    access: 'admin',
    params: UserParams,
    body: AdminReason.meta({ examples: [{ reason: o.example }] }),
    response: { 200: AdminSuspension },
    async handle({ tx, params, body }) {
      const { suspend } = o;
      const answer = await adminSuspendUser(tx, { ...params, suspend, reason: body.reason });
      if ('refusal' in answer) throw new RefusedError(answer.refusal);
      return answer;
    },
  });

export const suspendUser = suspension({
  suspend: true,
  summary: 'Take somebody’s right to export',
  description:
    'And to share exports. What they have waiting and running is canceled; what is finished stays.',
  example: 'Resells a library that is not theirs.',
});
export const reinstateUser = suspension({
  suspend: false,
  summary: 'Give the right to export back',
  description: 'They may export and share again.',
  example: 'It was a misunderstanding.',
});
