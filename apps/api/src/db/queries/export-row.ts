import type { ExportRequest, ExportStatus, ExportView, Refusal } from '@mixdown/contract';
import { sql } from 'kysely';
import type { z } from 'zod';

export type View = z.output<typeof ExportView>;

/** A row of daw_exports as its makers, and those it is shared with, may see it. */
export interface ExportRow extends Omit<View, 'result' | 'options'> {
  readonly options: z.output<typeof ExportRequest>;
  readonly objectKey: string | null;
  /** As its worker stored it; `reused` is missing in those from before files were taken over. */
  readonly result:
    | (Omit<NonNullable<View['result']>, 'downloadUrl' | 'urlExpiresAt' | 'reused'> & {
        readonly reused?: boolean;
      })
    | null;
  readonly quarantined: boolean;
  readonly updatedAt: string;
}

export const COLUMNS = sql`e.id, e.project_id as "projectId", e.project_name as "projectName", e.status,
    e.progress, e.attempt, private.iso(e.created_at) as "createdAt",
    private.iso(e.started_at) as "startedAt", private.iso(e.completed_at) as "completedAt",
    private.iso(e.expires_at) as "expiresAt", e.snapshot_seq as "snapshotSeq",
    coalesce(p.seq > e.snapshot_seq, false) as "editedSince", e.options, e.result, e.error,
    e.object_key as "objectKey", e.quarantined_at is not null as quarantined,
    private.iso(e.updated_at) as "updatedAt"`;
export const FROM = sql`from public.daw_exports e left join public.daw_projects p on p.id = e.project_id`;
/** As one of those who make the project. */
export const IS_MAKER = sql`e.project_id = any (array(select private.my_studio_projects()))`;
/**
 * Seen as everybody sees exports. Policies let admins see all rows; they look at them at their own addresses, where
 * what they do is written down.
 */
export const IS_MINE = sql`(${IS_MAKER} or e.id = any (array(select private.my_shared_exports())))`;

export const MOST_LISTED = 100;

/** The answer of the functions that request, cancel and repeat. */
export interface ExportAnswer {
  readonly id: string;
  readonly status: ExportStatus;
  readonly replayed?: boolean;
}
export type Answer = ExportAnswer | { readonly refusal: Refusal };
