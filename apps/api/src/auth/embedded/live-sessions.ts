import { asService } from '@mixdown/database';
import type { Pool } from 'pg';
import type { Verify } from '../verify-token.ts';
import { isSessionAlive } from './refresh-tokens.ts';

/**
 * How long this process believes that a session lives without asking again: with several API processes, one hears of a
 * sign-out at another this much later. Where the sign-out happens, it counts at once.
 */
const BELIEVED_MS = 2_000;
/** More sessions than this at once make room for each other; they are asked about again. */
const MAX_SESSIONS = 50_000;

interface Known {
  readonly alive: Promise<boolean>;
  readonly until: number;
}

/**
 * Which sessions still live: an access token is good for an hour, but not longer than its session. One query per
 * session and two seconds, however many requests it makes.
 * @param now Milliseconds of any steady clock.
 */
export function createLiveSessions(pool: Pool, now: () => number = () => performance.now()) {
  const known = new Map<string, Known>();
  /** Sessions whose account is known, so that all of an account's can be forgotten. */
  const users = new Map<string, string>();

  const ask = (sessionId: string): Promise<boolean> => {
    const alive = asService(pool, (tx) => isSessionAlive(tx, sessionId));
    if (known.size >= MAX_SESSIONS) {
      const oldest = known.keys().next().value;
      if (oldest !== undefined) forget(oldest);
    }
    const entry = { alive, until: now() + BELIEVED_MS };
    known.set(sessionId, entry);
    // A failed question is no answer. Whoever has been forgotten meanwhile is asked about anew.
    alive.catch(() => {
      if (known.get(sessionId) === entry) forget(sessionId);
    });
    return alive;
  };
  function forget(sessionId: string): void {
    known.delete(sessionId);
    users.delete(sessionId);
  }

  return {
    /** Whether the session of this account has not been ended. Rejects if the database cannot be asked. */
    isAlive(sessionId: string, userId: string): Promise<boolean> {
      const entry = known.get(sessionId);
      const alive = entry && entry.until > now() ? entry.alive : ask(sessionId);
      users.set(sessionId, userId);
      return alive;
    },
    /** To be called when sessions of an account have ended. */
    forgetUser(userId: string): void {
      for (const [sessionId, owner] of users) if (owner === userId) forget(sessionId);
    },
  };
}
export type LiveSessions = ReturnType<typeof createLiveSessions>;

/** The check of access tokens, and with it that their session has not been ended. */
export const whileSessionLives =
  (verify: Verify, sessions: LiveSessions): Verify =>
  async (token) => {
    const identity = await verify(token);
    if (!identity?.sessionId) return null;
    return (await sessions.isAlive(identity.sessionId, identity.userId)) ? identity : null;
  };
