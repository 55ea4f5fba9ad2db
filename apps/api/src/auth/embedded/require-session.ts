import { asService } from '@mixdown/database';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Identity } from '../identity.ts';
import type { Verify } from '../verify-token.ts';
import { AuthRefusal } from './auth-error.ts';
import type { FailureLimit } from './failure-limit.ts';
import type { LiveSessions } from './live-sessions.ts';
import { isSessionAlive } from './refresh-tokens.ts';

/** What the embedded sign-in works with. */
export interface AuthServices {
  readonly pool: Pool;
  readonly secret: Uint8Array;
  readonly verify: Verify;
  readonly sessions: LiveSessions;
  readonly failures: FailureLimit;
  /** Sign-ups, guests and sign-ins by password that one address may ask for per minute. */
  readonly attemptsPerMinute: number;
}

/** Who asks, if their session is still alive: signing out ends what these endpoints may do at once. */
export async function requireSession(
  services: AuthServices,
  request: FastifyRequest,
): Promise<Identity & { sessionId: string }> {
  const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw new AuthRefusal('no_authorization');
  const identity = await services.verify(token);
  if (!identity) throw new AuthRefusal('bad_jwt');
  const { sessionId } = identity;
  const alive =
    sessionId && (await asService(services.pool, (tx) => isSessionAlive(tx, sessionId)));
  if (!alive) throw new AuthRefusal('session_not_found');
  return { ...identity, sessionId };
}
