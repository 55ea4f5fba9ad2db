import { ExportList } from '@mixdown/contract';
import type { ExportRow } from '../../db/queries/export-row.ts';
import { listExports } from '../../db/queries/list-exports.ts';
import { exportView } from '../../exports/export-view.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/projects/:projectId/exports',
  operationId: 'listExports',
  summary: 'A project’s exports',
  description: 'The latest hundred, newest first. Clients see those that are shared with them.',
  tag: 'Exports',
  access: 'member',
  params: ProjectParams,
  response: { 200: ExportList },
  handle: ({ tx, params }) => listExports(tx, params.projectId),
  async respond(result, { services, request }) {
    const { userId } = requireIdentity(request);
    const rows = result as ExportRow[];
    return { exports: await Promise.all(rows.map((row) => exportView(services, userId, row))) };
  },
});
