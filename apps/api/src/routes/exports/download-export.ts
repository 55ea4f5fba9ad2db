import { RefusedError, refuse } from '@mixdown/contract';
import { z } from 'zod';
import type { ExportRow } from '../../db/queries/export-row.ts';
import { findDownload } from '../../db/queries/find-download.ts';
import { findExport } from '../../db/queries/find-export.ts';
import { mintDownload } from '../../exports/export-view.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/exports/:exportId/download',
  operationId: 'downloadExport',
  summary: 'Download the file',
  description:
    'Redirects to a URL that is minted for this request and good for 15 minutes; it answers Range requests and names the file after the project.',
  tag: 'Exports',
  access: 'account',
  params: ExportParams,
  response: { 302: z.undefined().describe('The file is at `Location`.') },
  refusals: ['forbidden', 'export_not_ready', 'export_expired'],
  async handle({ tx, params }) {
    const file = await findDownload(tx, params.exportId);
    if ('refusal' in file) throw new RefusedError(file.refusal);
    const row = await findExport(tx, params.exportId);
    if (!row) throw refuse('not_found', 'There is no such export.');
    return { ...row, objectKey: file.objectKey };
  },
  async respond(result, { services, request, reply }) {
    const row = result as ExportRow & { objectKey: string };
    const { url } = await mintDownload(services, requireIdentity(request).userId, row);
    return reply.header('cache-control', 'no-store').redirect(url, 302);
  },
});
