import { AdminReason, AdminReveal, RefusedError } from '@mixdown/contract';
import { adminRevealExport, type Revealed } from '../../db/queries/admin-reveal-export.ts';
import { mintListening } from '../../exports/export-view.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'POST',
  url: '/admin/exports/:exportId/reveal',
  operationId: 'revealExport',
  summary: 'Listen to an export',
  description:
    'The only way for an admin to hear what somebody exported: mints a link that is good for five minutes, also of one that is held back, and writes down who listened and why.',
  tag: 'Admin',
  access: 'admin',
  params: ExportParams,
  body: AdminReason.meta({ examples: [{ reason: 'Compare with the reported recording.' }] }),
  response: { 200: AdminReveal },
  refusals: ['export_not_ready', 'export_expired'],
  async handle({ tx, params, body }) {
    const answer = await adminRevealExport(tx, params.exportId, body.reason);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);
    return answer;
  },
  async respond(result, { services, params }) {
    const revealed = result as Revealed;
    const { url, expiresAt, fileName } = await mintListening(services, revealed);
    return { id: params.exportId, url, urlExpiresAt: expiresAt.toISOString(), fileName };
  },
});
