import type { Refusal } from '@mixdown/contract';
import type { Clock, Protections } from '@mixdown/core';
import type { Acquired, Authority } from './authority.ts';
import type { BusMessage } from './bus/bus.ts';
import { type Hold, LEASE_MS } from './hold.ts';
import { createLockQuestions } from './lock-questions.ts';
import type { KnownPlugin } from './room-plugins.ts';
import type { Member, Room } from './room-types.ts';
import { createTakeover } from './takeover.ts';

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

  const questions = createLockQuestions({ room, clock, acquire, release });
  const takeover = createTakeover({ room, clock, nextAsk, on });

  async function force(member: Member, plugin: KnownPlugin): Promise<void> {
    const { role } = member.standing();
    if (role !== 'owner' && member.identity().role !== 'admin') {
      const detail = 'Only the owner of the project takes over without asking.';
      refuse(member, plugin, { code: 'forbidden', detail });
      return;
    }
    const lock = locks.of(plugin.id);
    if (lock?.session && lock.session !== member.session)
      await takeover.flush(plugin.id, lock.fence);
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
      const holder = locks.of(plugin.id)?.session ?? null;
      if (holder === null || holder === member.session) void acquire(member, plugin);
      else questions.request(member, plugin);
    },
    answer(member: Member, plugin: KnownPlugin, session: string, allow: boolean): void {
      if (holds.of(plugin.id)?.session === member.session) {
        void questions.decide(plugin.id, session, allow);
      }
    },
    force: (member: Member, plugin: KnownPlugin): void => void force(member, plugin),
    giveBack: release,

    /** Everything that a session holds here: written, and kept or given back. */
    async leave(session: string, gone: boolean): Promise<void> {
      await Promise.all(holds.by(session).map(gone ? release : holds.flush));
    },
    changed: questions.changed,
    hear(message: BusMessage): void {
      questions.hear(message);
      takeover.hear(message);
    },
    /** Gives back what nobody has touched for a while. */
    sweep(): void {
      for (const hold of holds.all()) {
        const idle = clock.now() - hold.lastEdit > IDLE_RELEASE_MS;
        if (idle && room.members.has(hold.session) && !holds.unsaved(hold)) void release(hold);
      }
    },
    close(): void {
      questions.close();
      takeover.close();
    },
  };
}
export type RoomLocks = ReturnType<typeof createRoomLocks>;
