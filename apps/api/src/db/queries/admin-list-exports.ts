import type { AdminExport, AdminExportsQuery } from '@mixdown/contract';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../in-transaction.ts';
import type { Position } from './position.ts';

interface Row extends Omit<AdminExport, 'requestedBy' | 'reviewedBy'> {
  readonly requestedBy: string;
  readonly email: string | null;
  readonly reviewedBy: string | null;
  readonly reviewerEmail: string | null;
  readonly at: string;
}
type Filter = Omit<z.output<typeof AdminExportsQuery>, 'cursor'> & {
  readonly after: Position | null;
};

/** Everybody's exports, newest first. Empty for whoever is no admin. */
export async function adminListExports(
  tx: Tx,
  o: Filter,
): Promise<(AdminExport & { readonly at: string })[]> {
  const { rows } = await sql<Row>`
    select id, project_id as "projectId", project_name as "projectName", requested_by as "requestedBy", email,
      status, options, attempt, bytes, duration_seconds as "durationSeconds", error,
      reviewed_by as "reviewedBy", reviewer_email as "reviewerEmail",
      private.iso(quarantined_at) as "quarantinedAt", shares, private.iso(created_at) as "createdAt",
      private.iso(completed_at) as "completedAt", private.iso(expires_at) as "expiresAt", at
    from public.admin_list_exports(p_user => ${o.user ?? null}, p_status => ${o.status ?? null},
      p_before => ${o.after?.at ?? o.before ?? null}, p_limit => ${o.limit},
      p_quarantined => ${o.quarantined ?? null}, p_before_id => ${o.after?.id ?? null})
    order by created_at desc, id desc`.execute(tx);
  return rows.map(({ requestedBy, email, reviewedBy, reviewerEmail, ...row }) => ({
    ...row,
    requestedBy: { userId: requestedBy, email },
    reviewedBy: reviewedBy === null ? null : { userId: reviewedBy, email: reviewerEmail },
  }));
}
