import type { Catalog, CloseReason, ServerMessage } from '@mixdown/contract';
import type { Clock, Protections } from '@mixdown/core';
import type { Identity } from '../auth/identity.ts';
import type { Authority, Standing } from './authority.ts';
import type { Bus, BusMessage } from './bus/bus.ts';
import type { RealtimeMetrics } from './gateway-metrics.ts';
import type { Holds } from './holds.ts';
import type { LiveFrames } from './live-frames.ts';
import type { KnownLock, LockTable } from './lock-table.ts';
import type { People } from './people.ts';
import type { RoomLog } from './room-log.ts';
import type { RoomPlugins } from './room-plugins.ts';

/** A connection that has been let in. */
export interface Member {
  readonly session: string;
  readonly userId: string;
  /** When it came in, in ms since 1970. */
  readonly since: number;
  identity(): Identity;
  standing(): Standing;
  send(text: string): void;
  close(reason: CloseReason): void;
  /** Looks again at what this person may do. */
  recheck(): Promise<void>;
}

export interface RoomDeps {
  readonly projectId: string;
  readonly authority: Authority;
  readonly bus: Bus;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly metrics: RealtimeMetrics;
  readonly on: Protections;
  /** What has happened to a lock, for those who wait for one. */
  onLock(room: Room, lock: KnownLock): void;
  onMessage(room: Room, message: BusMessage): void;
  /** The log does not reach back to where the room is: nobody can be served from it any more. */
  onLost(room: Room): void;
}

/** A project as one node serves it. */
export interface Room {
  readonly projectId: string;
  readonly epoch: number;
  readonly plugins: RoomPlugins;
  readonly live: LiveFrames;
  readonly locks: LockTable;
  readonly holds: Holds;
  readonly log: RoomLog;
  readonly people: People;
  readonly members: ReadonlyMap<string, Member>;
  /** From now on it hears what happens. Its presence has been put among the people already. */
  join(member: Member): void;
  /** `gone`: at once, instead of when the lease has run out. */
  leave(member: Member, gone: boolean): void;
  tell(session: string, message: ServerMessage): void;
  broadcast(message: ServerMessage): void;
  publish(message: BusMessage): void;
  /** News about a lock, from wherever. */
  learn(lock: KnownLock): void;
  /** Reads who holds what. */
  readLocks(): Promise<void>;
  show(): void;
  presenceChanged(): void;
  tick(): void;
  sweep(): void;
  /** Nobody is here, and nothing is kept for anybody. */
  isEmpty(): boolean;
  close(): void;
}
