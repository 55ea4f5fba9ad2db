import { RefusedError } from '@mixdown/contract';
import { unshareExport } from '../../db/queries/unshare-export.ts';
import { NoContent, ShareParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'DELETE',
  url: '/exports/:exportId/shares/:userId',
  operationId: 'unshareExport',
  summary: 'Stop showing an export to somebody',
  description:
    'At once: reading, streams and new downloads end. Whoever it is shared with may let go of it themselves.',
  tag: 'Shares',
  access: 'account',
  params: ShareParams,
  response: { 204: NoContent },
  refusals: ['forbidden'],
  async handle({ tx, params }) {
    const answer = await unshareExport(tx, params.exportId, params.userId);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
  },
});
