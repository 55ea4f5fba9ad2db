import { SignJWT } from 'jose';
import type { Account } from './accounts.ts';

/** The embedded issuer. Constant, so that sessions outlive a change of port or address; the secret tells us apart. */
export const EMBEDDED_ISSUER = 'urn:mixdown:embedded-auth';
export const ACCESS_TOKEN_SECONDS = 60 * 60;

/** An access token with Supabase's claims, signed with HS256. */
export function signAccessToken(
  account: Account,
  o: { sessionId: string; secret: Uint8Array; nowSeconds: number },
): Promise<string> {
  return new SignJWT({
    email: account.email ?? '',
    phone: '',
    app_metadata: account.appMetadata,
    user_metadata: account.userMetadata,
    role: 'authenticated',
    aal: 'aal1',
    session_id: o.sessionId,
    is_anonymous: account.isAnonymous,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(account.id)
    .setAudience('authenticated')
    .setIssuer(EMBEDDED_ISSUER)
    .setIssuedAt(o.nowSeconds)
    .setExpirationTime(o.nowSeconds + ACCESS_TOKEN_SECONDS)
    .sign(o.secret);
}
