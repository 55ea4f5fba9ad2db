import { ACCOUNT_ROLES, type AccountRole, type PublicConfig } from '@mixdown/contract';
import { AuthClient, type AuthError, type Session, type User } from '@supabase/auth-js';
import { type Account, useAccount } from './stores/account-store.ts';

/** Renew this long before the token runs out, in seconds: time for a slow request on its way. */
const RENEW_AHEAD_SECONDS = 30;

const roleOf = (user: User): AccountRole => {
  if (user.is_anonymous) return 'guest';
  const role: unknown = user.app_metadata.daw_role;
  // As the API has it: whom the service has not decided about may do least.
  return ACCOUNT_ROLES.find((known) => known === role) ?? 'client';
};

const accountOf = (user: User): Account => ({
  id: user.id,
  email: user.email || null,
  role: roleOf(user),
});

/** What went wrong with signing in or up, for people. */
export class AuthFailure extends Error {
  override readonly name = 'AuthFailure';
}

const SENTENCES: Readonly<Record<string, string>> = {
  invalid_credentials: 'E-mail or password is not right.',
  email_exists: 'There is already an account with this e-mail. Sign in instead.',
  user_already_exists: 'There is already an account with this e-mail. Sign in instead.',
  email_taken: 'There is already an account with this e-mail. Sign in instead.',
  weak_password: 'Choose a longer password: at least 8 characters.',
  email_address_invalid: 'This does not look like an e-mail address.',
  over_request_rate_limit: 'Too many attempts. Wait a minute, then try again.',
  anonymous_provider_disabled: 'This server does not let guests in. Sign in instead.',
};

function raise(error: AuthError | null): void {
  if (!error) return;
  const offline = error.name === 'AuthRetryableFetchError';
  const sentence = offline
    ? 'The server cannot be reached. Check the connection, then try again.'
    : undefined;
  throw new AuthFailure(sentence ?? SENTENCES[error.code ?? ''] ?? error.message, { cause: error });
}

/** Sign-in over GoTrue's endpoints: Supabase's or the embedded ones. */
export function createAuth(config: PublicConfig['auth']) {
  const url = new URL(config.url, window.location.origin).href;
  const client = new AuthClient({
    url,
    storageKey: 'mixdown.auth',
    persistSession: true,
    autoRefreshToken: true,
    detectSessionInUrl: true,
    headers: config.anonKey
      ? { apikey: config.anonKey, authorization: `Bearer ${config.anonKey}` }
      : {},
  });

  const take = (session: Session | null): Account | null => {
    const account = session ? accountOf(session.user) : null;
    const known = useAccount.getState().account;
    const same = JSON.stringify(known) === JSON.stringify(account);
    useAccount.setState({ ...(!same && { account }), ...(session && { expired: false }) });
    return account;
  };

  /** Whether it is somebody's wish that the session ends. */
  let leaving = false;
  const { data: listening } = client.onAuthStateChange((event, session) => {
    // It ran out, or was ended in another tab: who was working here still is, and only has to sign in again.
    if (event === 'SIGNED_OUT' && !leaving && useAccount.getState().account)
      useAccount.setState({ expired: true });
    else take(session);
  });

  async function session(): Promise<Session | null> {
    const { data } = await client.getSession();
    return data.session;
  }

  return {
    /** Who is signed in, from this browser's storage. */
    restore: async () => take(await session()),
    async token(): Promise<string | null> {
      const current = await session();
      if (!current) return null;
      const left = (current.expires_at ?? Number.POSITIVE_INFINITY) - Date.now() / 1000;
      if (left > RENEW_AHEAD_SECONDS) return current.access_token;
      const { data } = await client.refreshSession();
      return data.session?.access_token ?? current.access_token;
    },
    /** A new token after the server refused the old one; false = the session is over. */
    async renew(): Promise<boolean> {
      const { data, error } = await client.refreshSession();
      if (data.session) return true;
      // Offline is not the end of a session: the next request will tell.
      if (error?.name !== 'AuthRetryableFetchError') useAccount.setState({ expired: true });
      return false;
    },
    async signInAsGuest(): Promise<Account | null> {
      const { data, error } = await client.signInAnonymously();
      raise(error);
      return take(data.session);
    },
    async signIn(email: string, password: string): Promise<Account | null> {
      const { data, error } = await client.signInWithPassword({ email, password });
      raise(error);
      return take(data.session);
    },
    /** A new account; whoever is a guest keeps their id and with it their projects. Null = a mail has to be confirmed. */
    async signUp(email: string, password: string): Promise<Account | null> {
      if (useAccount.getState().account?.role !== 'guest') {
        const { data, error } = await client.signUp({ email, password });
        raise(error);
        return take(data.session);
      }
      const { error } = await client.updateUser({ email, password });
      raise(error);
      // The role stands inside of the token, so a new one is needed.
      const { data } = await client.refreshSession();
      const account = take(data.session);
      return account?.role === 'guest' ? null : account;
    },
    async signOut(): Promise<void> {
      leaving = true;
      try {
        await client.signOut({ scope: 'local' });
      } finally {
        leaving = false;
      }
      take(null);
      useAccount.setState({ expired: false });
    },
    close: () => {
      listening.subscription.unsubscribe();
      client.stopAutoRefresh();
    },
  };
}
export type Auth = ReturnType<typeof createAuth>;
