import type { AdminAuditEntry, AdminAuditQuery } from '@mixdown/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../in-transaction.ts';

type Filter = Omit<z.output<typeof AdminAuditQuery>, 'cursor'> & {
  /** Entries before this one. */
  readonly beforeId: string | null;
};

/** What admins did, newest first. Empty for whoever is no admin. */
export async function adminListAudit(tx: Tx, o: Filter): Promise<AdminAuditEntry[]> {
  const { rows } = await sql<AdminAuditEntry>`
    select id, at, admin_id as "adminId", admin_email as "adminEmail", action, reason,
      export_id as "exportId", project_id as "projectId", user_id as "userId",
      user_email as "userEmail", details
    from public.admin_list_audit(p_admin => ${o.admin ?? null}, p_action => ${o.action ?? null},
      p_export => ${o.export ?? null}, p_user => ${o.user ?? null}, p_before => ${o.before ?? null},
      p_before_id => ${o.beforeId}, p_limit => ${o.limit})
    order by id desc`.execute(tx);
  return rows;
}
