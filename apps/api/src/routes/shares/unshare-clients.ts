import { RefusedError } from '@mixdown/contract';
import { unshareExport } from '../../db/queries/unshare-export.ts';
import { ExportParams, NoContent } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'DELETE',
  url: '/exports/:exportId/shares/clients',
  operationId: 'unshareClients',
  summary: 'Stop showing an export to every client',
  description: 'Those with whom it is shared by name keep it.',
  tag: 'Shares',
  access: 'account',
  params: ExportParams,
  response: { 204: NoContent },
  refusals: ['forbidden'],
  async handle({ tx, params }) {
    const answer = await unshareExport(tx, params.exportId, null);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
  },
});
