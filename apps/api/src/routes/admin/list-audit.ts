import { AdminAudit, AdminAuditQuery } from '@mixdown/contract';
import { adminListAudit } from '../../db/queries/admin-list-audit.ts';
import { pageOf, positionOf } from '../../db/queries/position.ts';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/admin/audit',
  operationId: 'adminListAudit',
  summary: 'What admins did, and why',
  description: 'Newest first. Entries are only ever added: nobody changes or removes one.',
  tag: 'Admin',
  access: 'admin',
  query: AdminAuditQuery,
  response: { 200: AdminAudit },
  async handle({ tx, query: { cursor, limit, ...filter } }) {
    const beforeId = positionOf(cursor, 'number')?.id ?? null;
    const rows = await adminListAudit(tx, { ...filter, beforeId, limit: limit + 1 });
    const { page, next } = pageOf(rows, limit, ({ at, id }) => ({
      at: at.replace('Z', '000Z'),
      id: String(id),
    }));
    return { entries: page, next };
  },
});
