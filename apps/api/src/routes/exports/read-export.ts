import { ExportView, refuse } from '@mixdown/contract';
import type { ExportRow } from '../../db/queries/export-row.ts';
import { findExport } from '../../db/queries/find-export.ts';
import { exportEtag, exportView, pollAfterSeconds } from '../../exports/export-view.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { ExportParams, NotModified } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/exports/:exportId',
  operationId: 'readExport',
  summary: 'An export and its progress',
  description:
    'To poll: wait `Retry-After` seconds, send `If-None-Match`, and 304 says that nothing has changed. Once completed, `result` has a fresh download URL, its loudness and its hash.',
  tag: 'Exports',
  access: 'account',
  params: ExportParams,
  response: { 200: ExportView, 304: NotModified },
  async handle({ tx, params }) {
    const row = await findExport(tx, params.exportId);
    if (!row) throw refuse('not_found', 'There is no such export, or it is not shared with you.');
    return row;
  },
  async respond(result, { services, request, reply }) {
    const row = result as ExportRow;
    const etag = exportEtag(row, Date.now());
    reply.header('etag', etag).header('cache-control', 'private, no-cache');
    const wait = pollAfterSeconds(row.status);
    if (wait !== null) reply.header('retry-after', String(wait));
    const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim());
    if (known?.includes(etag)) return reply.code(304).send();
    return exportView(services, requireIdentity(request).userId, row);
  },
});
