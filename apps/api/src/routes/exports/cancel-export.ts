import { ExportAccepted, RefusedError } from '@mixdown/contract';
import { cancelExport } from '../../db/queries/cancel-export.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'POST',
  url: '/exports/:exportId/cancel',
  operationId: 'cancelExport',
  summary: 'Cancel an export',
  description:
    'One that waits is canceled at once, one that runs as soon as its worker hears of it: within a few seconds.',
  tag: 'Exports',
  access: 'account',
  params: ExportParams,
  response: { 200: ExportAccepted },
  refusals: ['illegal_transition'],
  async handle({ tx, params }) {
    const answer = await cancelExport(tx, params.exportId);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
    return { id: answer.id, status: answer.status };
  },
});
