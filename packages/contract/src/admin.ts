import { z } from 'zod';
import { Cursor, ExportRequest, ExportStatus, Flag, PageLimit } from './exports.ts';
import { Id, Timestamp } from './ids.ts';

/** Why an admin does what they do: kept for good, beside who did it and when. */
export const AdminReason = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(3, 'must say why, in 3 characters or more')
    .max(1000, 'must be at most 1000 characters')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
    .regex(/^[^\u0000-\u0008\u000b-\u001f\u007f]*$/, 'must not contain control characters'),
});

export const ADMIN_ACTIONS = [
  'export.claim',
  'export.quarantine',
  'export.release',
  'export.revoke',
  'export.reveal',
  'user.suspend',
  'user.reinstate',
] as const;
export const AdminAction = z.enum(ADMIN_ACTIONS);

export const AdminExportsQuery = z.strictObject({
  user: Id.optional(),
  status: ExportStatus.optional(),
  quarantined: Flag.optional(),
  /** Requested before this moment. */
  before: Timestamp.optional(),
  cursor: Cursor.optional(),
  limit: PageLimit,
});

/** An export as admins see it: who, what, how much; neither a link to it nor the session behind it. */
export const AdminExport = z.object({
  id: Id,
  projectId: Id,
  projectName: z.string(),
  requestedBy: z.object({ userId: Id, email: z.string().nullable() }),
  status: ExportStatus,
  options: ExportRequest,
  attempt: z.int(),
  bytes: z.int().nullable(),
  durationSeconds: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The admin who looks into it. */
  reviewedBy: z.object({ userId: Id, email: z.string().nullable() }).nullable(),
  quarantinedAt: Timestamp.nullable(),
  /** How many it is shared with. */
  shares: z.int(),
  createdAt: Timestamp,
  completedAt: Timestamp.nullable(),
  expiresAt: Timestamp.nullable(),
});
export type AdminExport = z.infer<typeof AdminExport>;

/** What somebody has exported; bytes also of files that are gone by now. */
export const AdminUserTotals = z.object({
  userId: Id,
  email: z.string().nullable(),
  exports: z.int(),
  exportsLastDay: z.int(),
  bytes: z.int(),
  bytesLastDay: z.int(),
  suspended: z.boolean(),
  suspendedReason: z.string().nullable(),
});
export type AdminUserTotals = z.infer<typeof AdminUserTotals>;

export const AdminExports = z.object({
  exports: z.array(AdminExport),
  /** Of everybody whose exports are in this answer, and of the `user` that was asked for. */
  users: z.array(AdminUserTotals),
  next: Cursor.nullable(),
});

export const AdminReview = z.object({
  id: Id,
  status: ExportStatus,
  reviewedBy: Id.nullable(),
  quarantined: z.boolean(),
});
/** A link to listen by, good for a few minutes. */
export const AdminReveal = z.object({
  id: Id,
  url: z.string(),
  urlExpiresAt: Timestamp,
  fileName: z.string(),
});
export const AdminSuspension = z.object({ userId: Id, suspended: z.boolean() });

export const AdminAuditQuery = z.strictObject({
  admin: Id.optional(),
  action: AdminAction.optional(),
  export: Id.optional(),
  user: Id.optional(),
  before: Timestamp.optional(),
  cursor: Cursor.optional(),
  limit: PageLimit,
});
/** One act of an admin. E-mails are those of today; null where the account is gone. */
export const AdminAuditEntry = z.object({
  id: z.int(),
  at: Timestamp,
  adminId: Id,
  adminEmail: z.string().nullable(),
  action: z.string(),
  reason: z.string(),
  exportId: Id.nullable(),
  projectId: Id.nullable(),
  userId: Id.nullable(),
  userEmail: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AdminAuditEntry = z.infer<typeof AdminAuditEntry>;
export const AdminAudit = z.object({
  entries: z.array(AdminAuditEntry),
  next: Cursor.nullable(),
});
