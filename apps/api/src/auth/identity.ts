import { ACCOUNT_ROLES, type AccountRole } from '@mixdown/contract';
import { z } from 'zod';

/** What we rely on in an access token, ours or Supabase's. Further claims pass through to the database. */
const AccessClaims = z.looseObject({
  sub: z.guid(),
  email: z.string().optional(),
  is_anonymous: z.boolean().optional(),
  session_id: z.string().optional(),
  app_metadata: z.looseObject({ daw_role: z.string().optional() }).optional(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;

/** Who asks, as the verified token says. */
export interface Identity {
  readonly userId: string;
  readonly email: string | null;
  readonly role: AccountRole;
  readonly sessionId: string | null;
  readonly claims: AccessClaims;
}

/** The identity in verified claims, or null where they are not those of an account. */
export function identityOf(payload: unknown): Identity | null {
  const parsed = AccessClaims.safeParse(payload);
  if (!parsed.success) return null;
  const claims = parsed.data;
  return {
    userId: claims.sub,
    email: claims.email || null,
    role: roleOf(claims),
    sessionId: claims.session_id ?? null,
    claims,
  };
}

/** The role that the service gave; somebody without any, or with one that we do not know, gets the least. */
function roleOf(claims: AccessClaims): AccountRole {
  if (claims.is_anonymous) return 'guest';
  return ACCOUNT_ROLES.find((role) => role === claims.app_metadata?.daw_role) ?? 'client';
}
