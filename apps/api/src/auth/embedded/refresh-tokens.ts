import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '@mixdown/database';
import { type RawBuilder, sql, type Transaction } from 'kysely';

type Tx = Transaction<Database>;

const TOKEN_BYTES = 32;
/** A session that nobody comes back to ends after this many days. */
const IDLE_DAYS = 30;
/**
 * Two tabs that wake together both send the same token, and an answer may get lost on its way: a token that was used
 * within this many seconds is honoured once more. Later, somebody else has it.
 */
const GRACE_SECONDS = 10;

/** Stored hashed: whoever reads the table cannot sign in with it. The token is random, so a plain hash will do. */
const hash = (token: string) => createHash('sha256').update(token).digest('base64url');

/** A new token of a session; `parent` is the one that it replaces. */
async function issue(
  tx: Tx,
  o: { userId: string; sessionId: string; parent: string | null },
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await sql`insert into mixdown_auth.refresh_tokens (token_hash, user_id, session_id, parent_hash, expires_at)
    values (${hash(token)}, ${o.userId}, ${o.sessionId}, ${o.parent},
      now() + make_interval(days => ${IDLE_DAYS}))`.execute(tx);
  return token;
}

/** Begins a session; what has expired of the account's older ones is swept on the way. */
export async function startSession(
  tx: Tx,
  userId: string,
): Promise<{ sessionId: string; refreshToken: string }> {
  await sql`delete from mixdown_auth.refresh_tokens where user_id = ${userId} and expires_at < now()`.execute(
    tx,
  );
  const sessionId = crypto.randomUUID();
  return { sessionId, refreshToken: await issue(tx, { userId, sessionId, parent: null }) };
}

export type Rotation =
  | { readonly ok: true; userId: string; sessionId: string; refreshToken: string }
  | { readonly ok: false; readonly reason: 'unknown' | 'ended' }
  | { readonly ok: false; readonly reason: 'reused'; readonly userId: string };

interface Row {
  readonly userId: string;
  readonly sessionId: string;
  readonly ended: boolean;
  readonly used: boolean;
  readonly inGrace: boolean;
}

/**
 * Exchanges a refresh token for the next one. A token that comes a second time, after the grace, ends its session:
 * either it was stolen, or its heir was. The caller must commit also after `reused`.
 */
export async function rotate(tx: Tx, refreshToken: string): Promise<Rotation> {
  const tokenHash = hash(refreshToken);
  const { rows } = await sql<Row>`
    select user_id as "userId", session_id as "sessionId",
      revoked_at is not null or expires_at < clock_timestamp() as ended,
      used_at is not null as used,
      coalesce(used_at > clock_timestamp() - make_interval(secs => ${GRACE_SECONDS}), false) as "inGrace"
    from mixdown_auth.refresh_tokens where token_hash = ${tokenHash} for update`.execute(tx);
  const row = rows[0];
  if (!row) return { ok: false, reason: 'unknown' };
  if (row.ended) return { ok: false, reason: 'ended' };
  if (row.used && !row.inGrace) {
    await endSession(tx, row.sessionId);
    return { ok: false, reason: 'reused', userId: row.userId };
  }
  const { userId, sessionId } = row;
  await sql`update mixdown_auth.refresh_tokens set used_at = coalesce(used_at, clock_timestamp())
    where token_hash = ${tokenHash}`.execute(tx);
  return {
    ok: true,
    userId,
    sessionId,
    refreshToken: await issue(tx, { userId, sessionId, parent: tokenHash }),
  };
}

/** Ends the tokens that a condition names, and tells every process whose sessions those were. */
async function revoke(tx: Tx, condition: RawBuilder<unknown>): Promise<void> {
  await sql`with ended as (
      update mixdown_auth.refresh_tokens set revoked_at = now()
      where revoked_at is null and ${condition} returning user_id)
    select pg_notify('daw_access', json_build_object(
      'projectId', null, 'exportId', null, 'userId', user_id)::text)
    from (select distinct user_id from ended) e`.execute(tx);
}

export const endSession = (tx: Tx, sessionId: string): Promise<void> =>
  revoke(tx, sql`session_id = ${sessionId}`);

/** Ends the account's sessions: all, or all but one. */
export const endSessions = (tx: Tx, userId: string, except?: string): Promise<void> =>
  revoke(
    tx,
    except ? sql`user_id = ${userId} and session_id <> ${except}` : sql`user_id = ${userId}`,
  );

/** Whether the session still has a token that could be exchanged. */
export async function isSessionAlive(tx: Tx, sessionId: string): Promise<boolean> {
  const { rows } = await sql`select from mixdown_auth.refresh_tokens
    where session_id = ${sessionId} and revoked_at is null and expires_at > now() limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}
