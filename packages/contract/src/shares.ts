import { z } from 'zod';
import { Id, Timestamp } from './ids.ts';

/** How many people an export is shared with at most. */
export const MAX_SHARES = 100;

/** Whom an export is shown to: the account of an address, an account, or every client of the project. */
export const ShareExport = z.union([
  z.strictObject({ email: z.email().max(254) }),
  z.strictObject({ userId: Id }),
  z.strictObject({ clients: z.literal(true) }),
]);
export type ShareExport = z.infer<typeof ShareExport>;

export const Share = z.object({
  /** null = every client of the project. */
  userId: Id.nullable(),
  email: z.string().nullable(),
  /** null where that account is gone. */
  sharedBy: z.object({ userId: Id, email: z.string() }).nullable(),
  createdAt: Timestamp,
});
export type Share = z.infer<typeof Share>;
export const ShareList = z.object({ shares: z.array(Share) });
