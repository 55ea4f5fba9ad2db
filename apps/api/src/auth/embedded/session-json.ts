import { ACCESS_TOKEN_SECONDS, signAccessToken } from './access-tokens.ts';
import type { Account } from './accounts.ts';

/** An account in GoTrue's words. */
export const userJson = (account: Account) => ({
  id: account.id,
  aud: 'authenticated',
  role: 'authenticated',
  email: account.email ?? '',
  phone: '',
  ...(account.email && { email_confirmed_at: account.createdAt.toISOString() }),
  ...(account.lastSignInAt && { last_sign_in_at: account.lastSignInAt.toISOString() }),
  app_metadata: account.appMetadata,
  user_metadata: account.userMetadata,
  identities: [],
  created_at: account.createdAt.toISOString(),
  updated_at: account.createdAt.toISOString(),
  is_anonymous: account.isAnonymous,
});

/** A session in GoTrue's words: what auth-js keeps. */
export async function sessionJson(
  account: Account,
  session: { sessionId: string; refreshToken: string },
  secret: Uint8Array,
) {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return {
    access_token: await signAccessToken(account, {
      sessionId: session.sessionId,
      secret,
      nowSeconds,
    }),
    token_type: 'bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    expires_at: nowSeconds + ACCESS_TOKEN_SECONDS,
    refresh_token: session.refreshToken,
    user: userJson(account),
  };
}
