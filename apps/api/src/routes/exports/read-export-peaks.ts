import { createHash } from 'node:crypto';
import { ExportPeaks, RefusedError, refuse } from '@mixdown/contract';
import { findExportPeaks } from '../../db/queries/find-export-peaks.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/exports/:exportId/peaks',
  operationId: 'readExportPeaks',
  summary: 'Peaks for drawing the file',
  description:
    'For whoever may download the file, and refused as the download is. An export that was made before there were peaks answers 404. They never change: `If-None-Match` answers 304 as long as the file is yours to hear.',
  tag: 'Exports',
  access: 'account',
  params: ExportParams,
  response: { 200: ExportPeaks },
  refusals: ['forbidden', 'export_not_ready', 'export_expired'],
  async handle({ tx, params }) {
    const found = await findExportPeaks(tx, params.exportId);
    if ('refusal' in found) throw new RefusedError(found.refusal);
    if (!found.peaks) throw refuse('not_found', 'This export was made before there were peaks.');
    return found.peaks;
  },
  async respond(result, { request, reply }) {
    const peaks = result as ExportPeaks;
    const etag = `"${createHash('sha256').update(JSON.stringify(peaks)).digest('base64url')}"`;
    // Asked again each time, since access may be withdrawn; the answer is 304 then, and costs nothing.
    reply.header('etag', etag).header('cache-control', 'private, no-cache');
    const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim());
    if (known?.includes(etag)) return reply.code(304).send();
    return peaks;
  },
});
