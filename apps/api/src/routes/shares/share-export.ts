import { RefusedError, Share, ShareExport } from '@mixdown/contract';
import { shareExport } from '../../db/queries/share-export.ts';
import { ExportParams, LOOKUPS_PER_MINUTE } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'POST',
  url: '/exports/:exportId/shares',
  operationId: 'shareExport',
  summary: 'Show an export to somebody',
  description:
    'To the account of an e-mail address, to an account by its id, or with `{"clients": true}` to every client of the project, now and later. Owner and editors of the project may, and whoever made the export; it need not be finished. Repeated, it answers 200 with the share that is there.',
  tag: 'Shares',
  access: 'account',
  perMinute: LOOKUPS_PER_MINUTE,
  refuseGuests: 'Sign up to share what you make.',
  params: ExportParams,
  body: ShareExport.meta({
    examples: [
      { email: 'label@example.org' },
      { userId: '6d2f1d4e-8d58-4e0c-9a53-7d1f4f9a1c11' },
      { clients: true },
    ],
  }),
  response: { 201: Share, 200: Share },
  refusals: ['forbidden', 'export_expired', 'quota_exceeded'],
  async handle({ tx, params, body, reply }) {
    const answer = await shareExport(tx, params.exportId, body);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
    reply.code(answer.created ? 201 : 200);
    return answer.share;
  },
});
