import { MyExports, MyExportsQuery } from '@mixdown/contract';
import { listMyExports, type MyExportRow } from '../../db/queries/list-my-exports.ts';
import { pageOf, positionOf } from '../../db/queries/position.ts';
import { exportView } from '../../exports/export-view.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/exports',
  operationId: 'listMyExports',
  summary: 'Every export that you see',
  description:
    'Those of the projects that you make, and those that are shared with you, newest first. `shared=true` gives the latter alone. `next` is the `cursor` of the next page.',
  tag: 'Exports',
  access: 'account',
  query: MyExportsQuery,
  response: { 200: MyExports },
  async handle({ tx, query }) {
    const { shared, projectId, status, cursor, limit } = query;
    const after = positionOf(cursor);
    const rows = await listMyExports(tx, { shared, projectId, status, after, limit: limit + 1 });
    return pageOf(rows, limit, (row) => row);
  },
  async respond(result, { services, request }) {
    const { userId } = requireIdentity(request);
    const { page, next } = result as { page: MyExportRow[]; next: string | null };
    const exports = await Promise.all(
      page.map(async (row) => {
        const { shared, sharedAt, sharedBy, version, at: _, ...own } = row;
        const view = await exportView(services, userId, own);
        return { ...view, shared, sharedAt, sharedBy, version, quarantined: row.quarantined };
      }),
    );
    return { exports, next };
  },
});
