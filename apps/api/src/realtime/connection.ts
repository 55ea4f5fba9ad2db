import {
  CLOSE,
  type ClientMessage,
  type CloseReason,
  type Focus,
  type Hello,
  PROTOCOL,
  type ServerMessage,
} from '@mixdown/contract';
import type { Clock } from '@mixdown/core';
import type { z } from 'zod';
import type { Identity } from '../auth/identity.ts';
import type { Verify } from '../auth/verify-token.ts';
import type { Authority, Standing } from './authority.ts';
import type { Link } from './gateway.ts';
import type { RealtimeMetrics } from './gateway-metrics.ts';
import { createIntake } from './intake.ts';
import type { Bucket, Limits } from './limits.ts';
import type { RoomActs } from './room-acts.ts';
import type { Member } from './room-types.ts';
import type { OpenRoom } from './rooms.ts';
import { isForged, presence } from './session-claim.ts';
import { createTokenWatch } from './token-watch.ts';
import { prepareWelcome } from './welcome.ts';

type HelloMessage = z.infer<typeof Hello>;

const NOWHERE: Focus = { trackId: null, pluginId: null, paramId: null };

export interface ConnectionDeps {
  readonly clock: Clock;
  readonly verify: Verify;
  readonly authority: Authority;
  readonly limits: Limits;
  readonly metrics: RealtimeMetrics;
  readonly act: RoomActs;
  wallClock(): number;
  openRoom(projectId: string, identity: Identity): Promise<OpenRoom | null>;
  /** Says whose connection it is, once; null: this account has too many. */
  admit(userId: string): Bucket | null;
  /** It counts as one of somebody from now on, and no more as half-open. */
  greeted(): void;
  ended(): void;
}

/** One connection, from its first message to its end. */
export function createConnection(link: Link, deps: ConnectionDeps) {
  const { clock, limits, authority } = deps;
  /** The order of a session's connections is that in which they were opened. */
  const since = deps.wallClock();
  let userBucket: Bucket | null = null;
  let identity: Identity | null = null;
  let standing: Standing | null = null;
  let session = '';
  let focus = NOWHERE;
  let open: OpenRoom | null = null;
  let member: Member | null = null;
  let ended = false;
  let spoke = false;
  const stopWaiting = clock.setTimer(() => close('hello_timeout'), limits.helloMs);
  const token = createTokenWatch({ ...deps, expired: () => close('token_invalid') });
  const intake = createIntake({
    clock,
    limits,
    userBucket: () => userBucket,
    act,
    refuse: (reason) => close(reason),
  });

  function send(text: string): void {
    if (ended) return;
    if (link.bufferedBytes() > limits.bufferedBytes) close('too_slow');
    else link.send(text);
  }
  const say = (message: ServerMessage) => send(JSON.stringify(message));

  function end(reason: 'gone' | 'broken' | CloseReason): void {
    if (ended) return;
    ended = true;
    stopWaiting();
    token.close();
    intake.close();
    if (member && open && open.room.members.get(session) === member && reason !== 'replaced') {
      // Who was sent away does not come back with the same right.
      const gone = reason === 'gone' || reason === 'forbidden';
      open.room.leave(member, gone);
      void open.locks.leave(session, gone).catch(() => {});
    }
    open?.release();
    deps.ended();
  }
  function close(reason: CloseReason): void {
    if (ended) return;
    deps.metrics.closed(reason);
    end(reason);
    link.close(CLOSE[reason].code, reason);
  }

  // --------------------------------------------------------------------------------------- hello

  /** Who the token says that it is, which stays the same account. Closes where it is not valid. */
  async function identify(text: string): Promise<void> {
    const next = await deps.verify(text);
    if (ended) return;
    if (!next || (identity && next.userId !== identity.userId)) {
      close('token_invalid');
      return;
    }
    if (!identity) {
      userBucket = deps.admit(next.userId);
      if (!userBucket) {
        close('rate_limited');
        return;
      }
    }
    identity = next;
    token.renew(next);
  }

  const presenceOf = (as: Identity, of: Standing) =>
    presence({ session, userId: as.userId, focus, of });

  /** Lets somebody in, or says why not. */
  async function hello(m: HelloMessage): Promise<CloseReason | null> {
    if (m.v !== PROTOCOL) return 'bad_version';
    if (member && (m.projectId !== open?.room.projectId || m.session !== session)) {
      return 'malformed';
    }
    await identify(m.token);
    if (ended || !identity) return null;
    standing = await authority.standing(identity, m.projectId);
    if (!standing) return 'not_found';
    if (standing.role === 'client') return 'forbidden';
    const first = open === null;
    open ??= await deps.openRoom(m.projectId, identity);
    if (!open) return 'not_found';
    if (ended) {
      open.release();
      return null;
    }
    const { room, snapshot } = open;
    if (isForged(room, m.session, identity.userId)) return 'forbidden';
    session = m.session;
    // What the session said before, here or on the connection before this one, is in the log first.
    await Promise.all(room.holds.by(session).map(room.holds.flush));
    const { epoch, lastSeq } = m;
    const build = await prepareWelcome(
      room,
      authority,
      { identity, standing, epoch, lastSeq },
      { limit: limits.resumeOperations, given: first ? snapshot : undefined },
    );
    if (ended) return null;
    const isLate = standing.epoch !== room.epoch;
    return build && !isLate ? enter(room, build) : 'unavailable';
  }

  /** Waits nowhere: nothing that happens in the room is missed, or heard twice. */
  function enter(room: OpenRoom['room'], build: () => string[] | null): CloseReason | null {
    if (!identity || !standing) return 'unavailable';
    const before = room.members.get(session);
    // A newer connection of the session was let in while this one still waited.
    if (before && before !== member && before.since > since) return 'replaced';
    // Whoever comes finds itself in the list of people.
    room.people.put(presenceOf(identity, standing));
    const words = build();
    if (!words) {
      if (!before) room.people.broke(session);
      return 'unavailable';
    }
    stopWaiting();
    if (!member || before !== member) {
      before?.close('replaced');
      const { userId } = identity;
      member = {
        session,
        userId,
        since,
        identity: () => identity as Identity,
        standing: () => standing as Standing,
        send,
        close,
        recheck,
      };
      deps.greeted();
      room.publish({ kind: 'hello', session, userId, at: since });
    }
    for (const text of words) send(text);
    if (ended) {
      // Too slow for its own welcome: nobody is there.
      if (before) room.leave(before, false);
      else room.people.broke(session);
      return null;
    }
    room.join(member);
    // Rights may have changed between asking for them and coming in.
    void recheck().catch(() => {});
    return null;
  }

  async function recheck(): Promise<void> {
    if (!identity || !open || !member) return;
    const { room, locks } = open;
    const now = await authority.standing(identity, room.projectId);
    if (ended || !standing) return;
    if (!now || now.role === 'client') {
      close('forbidden');
      return;
    }
    const before = standing;
    standing = now;
    if (before.role !== now.role) say({ t: 'role', role: now.role });
    if (before.editable && !now.editable) {
      for (const hold of room.holds.by(session)) void locks.giveBack(hold).catch(() => {});
    }
    show();
  }

  function show(): void {
    if (!open || !identity || !standing) return;
    open.room.people.put(presenceOf(identity, standing));
    open.room.presenceChanged();
  }

  function act(m: ClientMessage): void {
    if (m.t === 'hello') spoke = true;
    if (m.t === 'ping') say({ t: 'pong', ...(m.ts !== undefined && { ts: m.ts }) });
    else if (m.t === 'pong') return;
    else if (m.t === 'token') void intake.first(() => identify(m.token));
    else if (m.t === 'hello') {
      void intake.first(async () => {
        const refusal = await hello(m);
        if (refusal) close(refusal);
      });
    } else if (!open || !member) close('malformed');
    else if (m.t === 'look') {
      focus = m.focus;
      show();
    } else {
      if (m.t === 'pf') link.moved?.();
      deps.act(m, open, member);
    }
  }

  return {
    message: intake.take,
    /** What is not text is not of the protocol. */
    binary: () => close('malformed'),
    closed: (clean: boolean) => end(clean ? 'gone' : 'broken'),
    close,
    /** It has not begun to say who it is. */
    silent: () => !spoke,
    userId: () => identity?.userId ?? null,
    member: () => member,
  };
}
export type Connection = ReturnType<typeof createConnection>;
