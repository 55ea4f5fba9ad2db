import { RefusedError, ShareList } from '@mixdown/contract';
import { listShares } from '../../db/queries/list-shares.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/exports/:exportId/shares',
  operationId: 'listShares',
  summary: 'Who sees an export',
  description:
    'Besides those who make the project. Whoever it is shared with sees how it came to them, and nobody else.',
  tag: 'Shares',
  access: 'account',
  params: ExportParams,
  response: { 200: ShareList },
  async handle({ tx, params }) {
    const answer = await listShares(tx, params.exportId);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
    return answer;
  },
});
