import type { Pool } from 'pg';
import { EMBEDDED_ISSUER } from './embedded/access-tokens.ts';
import { createFailureLimit } from './embedded/failure-limit.ts';
import { createLiveSessions, whileSessionLives } from './embedded/live-sessions.ts';
import { embeddedAuthRoutes } from './embedded/routes.ts';
import { loadSigningSecret } from './embedded/signing-secret.ts';
import { createVerify } from './verify-token.ts';

/** The sign-in of installations without Supabase: its endpoints, and the check of the tokens that they give out. */
export async function embeddedAuth({
  pool,
  dataDir,
  attemptsPerMinute,
}: {
  pool: Pool;
  dataDir: string;
  attemptsPerMinute: number;
}) {
  const secret = await loadSigningSecret(dataDir);
  const verify = createVerify({ issuer: EMBEDDED_ISSUER, secret, publicKeys: null });
  const sessions = createLiveSessions(pool);
  const routes = embeddedAuthRoutes({
    pool,
    secret,
    verify,
    sessions,
    failures: createFailureLimit(),
    attemptsPerMinute,
  });
  return { verify: whileSessionLives(verify, sessions), routes, sessions };
}
