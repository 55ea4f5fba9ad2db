import type { Refusal } from '@mixdown/contract';
import type { Clock, Protections } from '@mixdown/core';
import type { Acquired, Authority } from './authority.ts';
import type { BusMessage } from './bus/bus.ts';
import { type Hold, LEASE_MS } from './holds.ts';
import type { KnownLock } from './lock-table.ts';
import type { Member, Room } from './room.ts';
import type { KnownPlugin } from './room-plugins.ts';

/** How long a holder may think about it; silence of somebody whose hand has been off for IDLE_MS means yes. */
export const ASK_MS = 10_000;
const IDLE_MS = 5_000;
/** Beyond ASK_MS, until whoever asked is told something even if the holder's node is gone. */
const ASK_GRACE_MS = 2_000;
const FLUSH_WAIT_MS = 1_500;
/** A lock without edits goes back after so long. */
export const IDLE_RELEASE_MS = 60_000;

const UNAVAILABLE: Refusal = {
  code: 'unavailable',
  detail: 'The database cannot be reached right now. Try again in a few seconds.',
};
const READ_ONLY: Refusal = {
  code: 'forbidden',
  detail: 'Your account may look at this project, but not change it.',
};

export interface RoomLocksDeps {
  readonly room: Room;
  readonly authority: Authority;
  readonly clock: Clock;
  /** A new id for each question to other nodes. */
  nextAsk(): string;
  readonly on: Protections;
}

/** Who gets which lock: asking for one, giving it back, asking its holder, and taking it. */
export function createRoomLocks({ room, authority, clock, nextAsk, on }: RoomLocksDeps) {
  const { holds, locks } = room;
  const acquiring = new Set<string>();
  const releasing = new Map<string, Promise<void>>();
  /** Questions of people of this node, by plugin and session. */
  const asking = new Map<string, () => void>();
  /** Questions to holders of this node. */
  const asked = new Map<string, { pluginId: string; session: string; cancel: () => void }>();
  const flushes = new Map<string, () => void>();
  const keyOf = (pluginId: string, session: string) => `${pluginId} ${session}`;

  const refuse = (member: Member, plugin: KnownPlugin, { code, detail }: Refusal) =>
    room.tell(member.session, { t: 'lock.err', h: plugin.h, code, detail });

  async function tryAcquire(
    member: Member,
    plugin: KnownPlugin,
    force: boolean,
  ): Promise<Acquired> {
    try {
      return await authority.acquire({
        identity: member.identity(),
        pluginId: plugin.id,
        session: member.session,
        ttlMs: LEASE_MS,
        force,
      });
    } catch {
      return { refusal: UNAVAILABLE };
    }
  }

  async function acquire(member: Member, plugin: KnownPlugin, force = false): Promise<void> {
    const { session, userId } = member;
    const key = keyOf(plugin.id, session);
    if (acquiring.has(key)) return;
    acquiring.add(key);
    await releasing.get(plugin.id);
    // What the session has sent before is in the log by the time it hears how far.
    const mine = holds.of(plugin.id);
    if (mine?.session === session) await holds.flush(mine);
    const before = clock.now();
    const answer = await tryAcquire(member, plugin, force);
    acquiring.delete(key);
    if ('refusal' in answer) {
      refuse(member, plugin, answer.refusal);
      return;
    }
    if (!answer.ok) {
      const { session: holder, userId: user, fence, ttlMs } = answer;
      room.learn({ pluginId: plugin.id, fence, session: holder, userId: user });
      room.tell(session, { t: 'lock.busy', h: plugin.h, f: fence, holder, user, ttlMs });
      return;
    }
    const { fence, n, ttlMs } = answer;
    const known = { pluginId: plugin.id, fence, session, userId };
    if (!room.plugins.byId(plugin.id)) {
      refuse(member, plugin, { code: 'not_found', detail: 'The plugin is gone.' });
      return;
    }
    // It may have changed hands again while we waited.
    if ((locks.of(plugin.id)?.fence ?? 0) > fence) {
      if (room.members.get(session) === member) await acquire(member, plugin);
      return;
    }
    const hold = holds.begin({ plugin, session, fence, identity: member.identity(), n, before });
    room.learn(known);
    room.publish({ kind: 'lock', ...known });
    if (room.members.get(session) !== member) {
      // Its person may have gone for good meanwhile.
      if (!room.people.has(session)) await release(hold);
      return;
    }
    const { persistedN } = hold;
    room.tell(session, { t: 'lock.ok', h: plugin.h, f: fence, ttlMs, n: persistedN });
    // An account that cannot edit can only take a lock away.
    if (!member.standing().editable) await release(hold);
  }

  /** Everything in the log, then the lock back. */
  function release(hold: Hold): Promise<void> {
    const { id } = hold.plugin;
    const running = releasing.get(id);
    if (running) return running;
    const done = giveBack(hold).finally(() => releasing.delete(id));
    releasing.set(id, done);
    return done;
  }
  async function giveBack(hold: Hold): Promise<void> {
    const { plugin, session, fence } = hold;
    hold.closing = true;
    if (on.persistBeforeTakeover) await holds.flush(hold);
    holds.end(hold, 'not_held');
    try {
      await authority.release({ pluginId: plugin.id, session, fence });
    } catch {
      // Nobody renews it any more: it ends with its lease.
      return;
    }
    const free = { pluginId: plugin.id, fence, session: null, userId: null };
    room.learn(free);
    room.publish({ kind: 'lock', ...free });
  }

  // ------------------------------------------------------------------------------ asking a holder

  function answered(pluginId: string, session: string, allow: boolean): void {
    const stop = asking.get(keyOf(pluginId, session));
    const member = room.members.get(session);
    const plugin = room.plugins.byId(pluginId);
    if (!stop) return;
    stop();
    asking.delete(keyOf(pluginId, session));
    if (!member || !plugin) return;
    if (allow) void acquire(member, plugin);
    else room.tell(session, { t: 'lock.kept', h: plugin.h });
  }
  function answer(pluginId: string, session: string, allow: boolean): void {
    const message = { kind: 'answered', pluginId, session, allow } as const;
    room.publish(message);
    answered(pluginId, session, allow);
  }

  /** The holder, or time, has decided. */
  async function decide(pluginId: string, session: string, allow: boolean): Promise<void> {
    const key = keyOf(pluginId, session);
    const question = asked.get(key);
    if (!question) return;
    question.cancel();
    asked.delete(key);
    const hold = holds.of(pluginId);
    if (!allow || !hold) {
      answer(pluginId, session, allow);
      return;
    }
    const others = takeQuestions(pluginId);
    await release(hold);
    answer(pluginId, session, true);
    for (const other of others) answer(pluginId, other, false);
  }
  /** The sessions that have asked for this plugin, in order; nobody need answer them any more. */
  function takeQuestions(pluginId: string): string[] {
    const sessions: string[] = [];
    for (const [key, question] of [...asked]) {
      if (question.pluginId !== pluginId) continue;
      question.cancel();
      asked.delete(key);
      sessions.push(question.session);
    }
    return sessions;
  }

  function ask(pluginId: string, session: string, name: string): void {
    const hold = holds.of(pluginId);
    const key = keyOf(pluginId, session);
    if (!hold || hold.session === session || asked.has(key)) return;
    const cancel = clock.setTimer(() => {
      const now = holds.of(pluginId);
      const idle = !now || clock.now() - now.lastEdit > IDLE_MS;
      void decide(pluginId, session, idle);
    }, ASK_MS);
    asked.set(key, { pluginId, session, cancel });
    const { h } = hold.plugin;
    room.tell(hold.session, { t: 'lock.asked', h, session, name, ms: ASK_MS });
  }

  // ------------------------------------------------------------------------------------- taking it

  /** Has everything under fences up to `fence` written by the node that has it; gives up after a while. */
  async function flushHolder(pluginId: string, fence: number): Promise<void> {
    const hold = holds.of(pluginId);
    if (hold) {
      await flushBeforeTaking(hold);
      return;
    }
    const ask = nextAsk();
    await new Promise<void>((resolve) => {
      const cancel = clock.setTimer(resolve, FLUSH_WAIT_MS);
      flushes.set(ask, () => {
        cancel();
        resolve();
      });
      room.publish({ kind: 'flush', pluginId, fence, ask });
    });
    flushes.delete(ask);
  }
  async function flushBeforeTaking(hold: Hold): Promise<void> {
    hold.closing = true;
    clock.setTimer(() => holds.reopen(hold), FLUSH_WAIT_MS * 2);
    // A database that is away must not hold up whoever takes over for longer than other nodes would.
    const patience = new Promise<void>((resolve) => void clock.setTimer(resolve, FLUSH_WAIT_MS));
    if (on.persistBeforeTakeover) await Promise.race([holds.flush(hold), patience]);
  }

  async function force(member: Member, plugin: KnownPlugin): Promise<void> {
    const { role } = member.standing();
    if (role !== 'owner' && member.identity().role !== 'admin') {
      const detail = 'Only the owner of the project takes over without asking.';
      refuse(member, plugin, { code: 'forbidden', detail });
      return;
    }
    const lock = locks.of(plugin.id);
    if (lock?.session && lock.session !== member.session) await flushHolder(plugin.id, lock.fence);
    await acquire(member, plugin, true);
  }

  return {
    acquire(member: Member, plugin: KnownPlugin): void {
      if (member.standing().editable) void acquire(member, plugin);
      else refuse(member, plugin, READ_ONLY);
    },
    release(member: Member, plugin: KnownPlugin, fence: number): void {
      const hold = holds.of(plugin.id);
      if (hold?.session === member.session && hold.fence === fence) {
        void release(hold);
        return;
      }
      const lock = locks.of(plugin.id);
      const mine = lock?.session === member.session && lock.userId === member.userId;
      if (!mine || lock.fence !== fence) return;
      const { session } = member;
      const free = { pluginId: plugin.id, fence, session: null, userId: null };
      void authority.release({ pluginId: plugin.id, session, fence }).then(
        (done) => done && room.learn(free),
        () => {},
      );
    },
    request(member: Member, plugin: KnownPlugin): void {
      if (!member.standing().editable) {
        refuse(member, plugin, READ_ONLY);
        return;
      }
      const lock = locks.of(plugin.id);
      const key = keyOf(plugin.id, member.session);
      if (!lock?.session || lock.session === member.session) {
        void acquire(member, plugin);
        return;
      }
      if (asking.has(key)) return;
      const { session } = member;
      asking.set(
        key,
        clock.setTimer(() => {
          asking.delete(key);
          if (room.members.get(session) === member) void acquire(member, plugin);
        }, ASK_MS + ASK_GRACE_MS),
      );
      const { name } = member.standing();
      room.publish({ kind: 'asked', pluginId: plugin.id, session, name });
      ask(plugin.id, session, name);
    },
    answer(member: Member, plugin: KnownPlugin, session: string, allow: boolean): void {
      if (holds.of(plugin.id)?.session === member.session) {
        void decide(plugin.id, session, allow);
      }
    },
    force: (member: Member, plugin: KnownPlugin): void => void force(member, plugin),
    giveBack: release,

    /** Everything that a session holds here: written, and kept or given back. */
    async leave(session: string, gone: boolean): Promise<void> {
      await Promise.all(holds.by(session).map(gone ? release : holds.flush));
    },
    /** The lock has changed: whoever was asked for it need not answer any more. */
    changed(lock: KnownLock): void {
      if (holds.of(lock.pluginId)) return;
      for (const [index, session] of takeQuestions(lock.pluginId).entries()) {
        // It went back by itself: who asked first gets it.
        answer(lock.pluginId, session, lock.session === null && index === 0);
      }
    },
    hear(message: BusMessage): void {
      if (message.kind === 'asked') ask(message.pluginId, message.session, message.name);
      else if (message.kind === 'answered')
        answered(message.pluginId, message.session, message.allow);
      else if (message.kind === 'flushed') flushes.get(message.ask)?.();
      else if (message.kind === 'flush') {
        const hold = holds.of(message.pluginId);
        if (!hold || hold.fence > message.fence) return;
        const { ask: id } = message;
        void flushBeforeTaking(hold).then(() => room.publish({ kind: 'flushed', ask: id }));
      }
    },
    /** Gives back what nobody has touched for a while. */
    sweep(): void {
      for (const hold of holds.all()) {
        const idle = clock.now() - hold.lastEdit > IDLE_RELEASE_MS;
        if (idle && room.members.has(hold.session) && !holds.unsaved(hold)) void release(hold);
      }
    },
    close(): void {
      for (const stop of asking.values()) stop();
      for (const { cancel } of asked.values()) cancel();
      for (const resolve of flushes.values()) resolve();
    },
  };
}
export type RoomLocks = ReturnType<typeof createRoomLocks>;
