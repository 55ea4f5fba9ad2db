import { ExportAccepted, RefusedError } from '@mixdown/contract';
import { retryExport } from '../../db/queries/retry-export.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'POST',
  url: '/exports/:exportId/retry',
  operationId: 'retryExport',
  summary: 'Repeat an export',
  description:
    'A failed, canceled or expired one, of the same frozen project with the same settings. One that waits or runs already answers as it is.',
  tag: 'Exports',
  access: 'account',
  params: ExportParams,
  response: { 202: ExportAccepted },
  refusals: [
    'forbidden',
    'guest_not_allowed',
    'illegal_transition',
    'quota_exceeded',
    'idempotency_key_busy',
  ],
  async handle({ tx, params }) {
    const answer = await retryExport(tx, params.exportId);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
    return { id: answer.id, status: answer.status };
  },
});
