import type { Catalog, ProjectSnapshot } from '@mixdown/contract';
import type { Clock, Protections } from '@mixdown/core';
import type { Identity } from '../auth/identity.ts';
import type { Authority } from './authority.ts';
import type { Bus, BusMessage } from './bus/bus.ts';
import type { RealtimeMetrics } from './gateway-metrics.ts';
import { LEASE_MS } from './hold.ts';
import { createRoom } from './room.ts';
import { createRoomFrames, type RoomFrames } from './room-frames.ts';
import { createRoomLocks, type RoomLocks } from './room-locks.ts';
import type { Room } from './room-types.ts';

/** A room with its rules, as one connection has it open. */
export interface OpenRoom {
  readonly room: Room;
  readonly locks: RoomLocks;
  readonly frames: RoomFrames;
  /** What the room was opened with, where this is who opened it. */
  readonly snapshot?: ProjectSnapshot | undefined;
  /** The connection does not need it any more. */
  release(): void;
}

interface Entry {
  readonly room: Room;
  readonly locks: RoomLocks;
  readonly frames: RoomFrames;
  users: number;
}

/** The rooms of a node: opened by whoever comes first, closed when nobody needs them. */
export function createRooms(deps: {
  readonly authority: Authority;
  readonly bus: Bus;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly metrics: RealtimeMetrics;
  readonly on: Protections;
  nextAsk(): string;
}) {
  const { authority, metrics } = deps;
  const entries = new Map<string, Entry>();
  const opening = new Map<string, Promise<Entry | null>>();

  /** The session has said hello at another node: what it has here is written, and is no concern of ours any more. */
  async function movedAway(
    { room }: Entry,
    { session, userId, at }: Extract<BusMessage, { kind: 'hello' }>,
  ): Promise<void> {
    const member = room.members.get(session);
    if (member && member.since > at) return;
    if (member && member.userId === userId) {
      member.close('replaced');
      room.leave(member, false);
    }
    for (const hold of room.holds.by(session)) {
      if (hold.identity.userId !== userId) continue;
      await room.holds.flush(hold);
      if (!room.members.has(session)) room.holds.end(hold, 'not_held');
    }
  }

  function hear(entry: Entry, message: BusMessage): void {
    const { room, locks } = entry;
    if (message.kind === 'hello') {
      void movedAway(entry, message).catch(() => {});
    } else if (message.kind === 'access') {
      for (const member of [...room.members.values()]) {
        // Where it cannot be looked up now, the next change of the database's state tells.
        if (member.userId === message.userId) void member.recheck().catch(() => {});
      }
    } else locks.hear(message);
  }

  function build(snapshot: ProjectSnapshot): Entry {
    const room = createRoom(
      {
        ...deps,
        projectId: snapshot.project.id,
        onLock: (_, lock) => entry.locks.changed(lock),
        onMessage: (_, message) => hear(entry, message),
        onLost: () => abandon(entry),
      },
      snapshot,
    );
    const { clock, nextAsk } = deps;
    const entry: Entry = {
      room,
      locks: createRoomLocks({ room, authority, clock, nextAsk, on: deps.on }),
      frames: createRoomFrames({ room, authority, clock, ttlMs: LEASE_MS }),
      users: 0,
    };
    return entry;
  }

  async function start(projectId: string, identity: Identity) {
    const snapshot = await authority.snapshot(identity, projectId);
    if (!snapshot) return null;
    const entry = build(snapshot);
    try {
      // It hears of changes already: nothing falls between this answer and what comes after.
      await entry.room.readLocks();
    } catch (error) {
      close(entry);
      throw error;
    }
    entries.set(projectId, entry);
    metrics.rooms(entries.size);
    return { entry, snapshot };
  }

  /** Everybody comes again, and finds a new room that begins where the project is. */
  function abandon(entry: Entry): void {
    const members = [...entry.room.members.values()];
    close(entry);
    for (const member of members) member.close('unavailable');
  }

  function close(entry: Entry): void {
    entry.locks.close();
    entry.room.close();
    if (entries.get(entry.room.projectId) === entry) entries.delete(entry.room.projectId);
    metrics.rooms(entries.size);
  }

  return {
    /** Null: no such project, or nothing of it to be seen. Rejects if the authority cannot be asked. */
    async open(projectId: string, identity: Identity): Promise<OpenRoom | null> {
      let snapshot: ProjectSnapshot | undefined;
      let entry = entries.get(projectId);
      // If that fails for whoever came first, one of those who waited tries, and the others wait for that one.
      for (let first = opening.get(projectId); !entry && first; first = opening.get(projectId)) {
        entry = (await first) ?? entries.get(projectId);
      }
      if (!entry) {
        const started = start(projectId, identity);
        opening.set(
          projectId,
          started.then(
            (made) => made?.entry ?? null,
            () => null,
          ),
        );
        try {
          const made = await started;
          if (!made) return null;
          entry = made.entry;
          snapshot = made.snapshot;
        } finally {
          opening.delete(projectId);
        }
      }
      const { room, locks, frames } = entry;
      const held = entry;
      held.users += 1;
      let released = false;
      return {
        room,
        locks,
        frames,
        snapshot,
        release() {
          if (released) return;
          released = true;
          held.users -= 1;
        },
      };
    },
    find: (projectId: string) => entries.get(projectId),
    all: () => [...entries.values()],
    /** Each second. */
    sweep(): void {
      for (const entry of [...entries.values()]) {
        entry.room.sweep();
        entry.locks.sweep();
        if (entry.users === 0 && entry.room.isEmpty()) close(entry);
      }
    },
    close(): void {
      for (const entry of [...entries.values()]) close(entry);
    },
  };
}
export type Rooms = ReturnType<typeof createRooms>;
