import { AdminExports, AdminExportsQuery } from '@mixdown/contract';
import { adminExportTotals } from '../../db/queries/admin-export-totals.ts';
import { adminListExports } from '../../db/queries/admin-list-exports.ts';
import { pageOf, positionOf } from '../../db/queries/position.ts';
import { storedOptions } from '../../exports/stored-options.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/admin/exports',
  operationId: 'adminListExports',
  summary: 'Who exports what, and how much',
  description:
    'Everybody’s exports, newest first, with the totals of everybody in the answer. No links: see `reveal`.',
  tag: 'Admin',
  access: 'admin',
  query: AdminExportsQuery,
  response: { 200: AdminExports },
  async handle({ tx, query: { cursor, limit, ...filter } }) {
    const after = positionOf(cursor);
    const rows = await adminListExports(tx, { ...filter, after, limit: limit + 1 });
    const { page, next } = pageOf(rows, limit, (row) => row);
    const who = new Set(page.map((row) => row.requestedBy.userId));
    if (filter.user) who.add(filter.user);
    return {
      exports: page.map(({ at: _, options, ...row }) => ({
        ...row,
        options: storedOptions(options),
      })),
      users: await adminExportTotals(tx, [...who]),
      next,
    };
  },
});
