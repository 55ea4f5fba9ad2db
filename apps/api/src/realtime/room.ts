import {
  type Catalog,
  type CloseReason,
  type Operation,
  type ProjectSnapshot,
  type ServerMessage,
  TICK_MS,
} from '@mixdown/contract';
import type { Clock, Protections } from '@mixdown/core';
import type { Identity } from '../auth/identity.ts';
import type { Authority, Standing } from './authority.ts';
import type { Bus, BusMessage } from './bus/bus.ts';
import type { RealtimeMetrics } from './gateway-metrics.ts';
import { createHolds, type Holds } from './holds.ts';
import { createLiveFrames, type LiveFrames } from './live-frames.ts';
import { createLockTable, type KnownLock, type LockTable } from './lock-table.ts';
import { createPeople, type People } from './people.ts';
import { createRoomLog, type RoomLog } from './room-log.ts';
import { createRoomPlugins, type RoomPlugins } from './room-plugins.ts';

const HEARTBEAT_MS = 2_000;
const REPAIR_MS = 1_500;
/** Every so many repairs the locks are read as well. */
const LOCKS_EVERY = 4;
const PUBLISH_PEOPLE_MS = 60;
const SIGN_OF_LIFE_MS = 4_000;

/** A connection that has been let in. */
export interface Member {
  readonly session: string;
  readonly userId: string;
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

export function createRoom(deps: RoomDeps, start: ProjectSnapshot): Room {
  const { projectId, authority, bus, clock, metrics } = deps;
  const members = new Map<string, Member>();
  const plugins = createRoomPlugins(deps.catalog, start.plugins);
  const live = createLiveFrames(plugins, deps.on);
  const locks = createLockTable(plugins);
  const timers = new Map<string, () => void>();
  let ticks = 0;
  let lastTick = Number.NEGATIVE_INFINITY;
  let repairs = 0;
  let closed = false;

  const later = (name: string, run: () => void, ms: number) => {
    if (closed || timers.has(name)) return;
    const cancel = clock.setTimer(() => {
      timers.delete(name);
      run();
    }, ms);
    timers.set(name, cancel);
  };

  const sendAll = (text: string) => {
    for (const member of [...members.values()]) member.send(text);
  };
  const broadcast = (message: ServerMessage) => sendAll(JSON.stringify(message));
  const tell = (session: string, message: ServerMessage) =>
    members.get(session)?.send(JSON.stringify(message));
  const publish = (message: BusMessage) => bus.publish(projectId, message);

  // -------------------------------------------------------------------------------------- values

  function tick(): void {
    timers.get('tick')?.();
    timers.delete('tick');
    if (!live.moving()) return;
    lastTick = clock.now();
    ticks += 1;
    const { out, bus: toOthers } = live.take();
    if (toOthers.length > 0) publish({ kind: 'frames', e: toOthers });
    const batch = (entries: typeof out) =>
      `{"t":"pf","k":${ticks},"e":[${entries.map(({ json }) => json).join(',')}]}`;
    const senders = new Set(out.map(({ by }) => by));
    const changes = out.reduce((sum, entry) => sum + entry.changes, 0);
    let whole: string | null = null;
    for (const member of [...members.values()]) {
      if (!senders.has(member.session)) {
        whole ??= batch(out);
        member.send(whole);
        metrics.changesDelivered(changes);
        metrics.frameOut(1);
        continue;
      }
      const others = out.filter(({ by }) => by !== member.session);
      if (others.length === 0) continue;
      member.send(batch(others));
      metrics.changesDelivered(others.reduce((sum, entry) => sum + entry.changes, 0));
      metrics.frameOut(1);
    }
  }
  const show = () => later('tick', tick, Math.max(0, lastTick + TICK_MS - clock.now()));

  // ---------------------------------------------------------------------------------------- log

  function deliver(operation: Operation): void {
    if (operation.kind === 'plugin.params') {
      const { pluginId, fence, n } = operation.payload;
      const plugin = plugins.byId(pluginId);
      if (plugin && fence !== undefined && n !== undefined) {
        // Whatever it stands for has to be there first.
        if (live.moving()) tick();
        if (live.durable(pluginId, fence, n)) {
          broadcast({ t: 'po', seq: operation.seq, h: plugin.h, f: fence, n });
          return;
        }
      }
    }
    const { added, removed } = plugins.apply(operation);
    for (const { id } of removed) {
      const hold = holds.of(id);
      if (hold) holds.end(hold, 'not_held');
      live.drop(id);
      locks.forget(id);
    }
    broadcast({
      t: 'op',
      ...operation,
      ...(added && {
        plugin: { h: added.h, id: added.id, k: added.k },
        params: added.parameters.map(({ id }) => id),
      }),
    });
  }

  const holds = createHolds({
    projectId,
    authority,
    clock,
    metrics,
    tell,
    show(hold, { n, v }) {
      live.add({ plugin: hold.plugin, f: hold.fence, n, by: hold.session, v });
      show();
    },
    seal: live.seal,
    logged(operation) {
      log.logged(operation);
      publish({ kind: 'ops', seq: operation.seq });
    },
    lost: () => void room.readLocks().catch(() => {}),
  });
  const log = createRoomLog({
    projectId,
    authority,
    seq: start.project.seq,
    deliver,
    lost: () => deps.onLost(room),
    writing: holds.writing,
  });

  // -------------------------------------------------------------------------------------- people

  const people = createPeople(clock, {
    here: (person) => broadcast({ t: 'pr', ...person }),
    gone: (session) => broadcast({ t: 'pr.gone', session }),
  });
  /** A room that has just been opened knows nobody. */
  let asks = true;
  function publishPeople(): void {
    timers.get('alive')?.();
    timers.delete('alive');
    publish({ kind: 'presence', people: people.ours(), ...(asks && { asks }) });
    asks = false;
    later('alive', publishPeople, SIGN_OF_LIFE_MS);
  }
  const presenceChanged = () => later('people', publishPeople, PUBLISH_PEOPLE_MS);

  // --------------------------------------------------------------------------------------- locks

  function learn(lock: KnownLock): void {
    const plugin = plugins.byId(lock.pluginId);
    if (!plugin || !locks.learn(lock)) return;
    const hold = holds.of(lock.pluginId);
    const stillHeld = hold?.fence === lock.fence && hold.session === lock.session;
    if (hold && !stillHeld && lock.fence >= hold.fence) holds.end(hold, 'stale_fence');
    live.dropBelow(lock.pluginId, lock.fence, lock.session === null);
    const view = locks.viewOf(lock);
    if (view) broadcast({ t: 'lk', ...view });
    deps.onLock(room, lock);
  }

  async function readLocks(): Promise<void> {
    const since = locks.held();
    const held = await authority.locks(projectId);
    for (const lock of locks.reconcile(held, since)) learn(lock);
  }

  // ----------------------------------------------------------------------------------- heartbeats

  const heartbeat = () => {
    live.grow();
    if (members.size > 0) broadcast({ t: 'hb', seq: log.seq(), locks: locks.views() });
    later('heartbeat', heartbeat, HEARTBEAT_MS);
  };
  const repair = () => {
    if (members.size > 0) {
      log.readQuietly();
      repairs += 1;
      if (repairs % LOCKS_EVERY === 0) void readLocks().catch(() => {});
    }
    later('repair', repair, REPAIR_MS);
  };

  function hear(message: BusMessage, from: string): void {
    if (closed) return;
    switch (message.kind) {
      case 'ops':
        log.hint(message.seq);
        return;
      case 'lock':
        learn(message);
        return;
      case 'frames':
        for (const entry of message.e) {
          // Late ones of a lock that has gone back would stay for ever: nothing durable follows them.
          const lock = locks.of(entry.pluginId);
          const isOver = lock?.session === null && entry.f <= lock.fence;
          if (!isOver && live.hear(entry)) show();
        }
        return;
      case 'presence':
        if (people.hear(from, message.people) || message.asks) presenceChanged();
        return;
      default:
        deps.onMessage(room, message);
    }
  }
  const stops = [
    bus.subscribe(projectId, hear),
    bus.onGap(() => {
      log.readQuietly();
      void readLocks().catch(() => {});
      presenceChanged();
    }),
  ];

  const room: Room = {
    projectId,
    epoch: start.project.epoch,
    plugins,
    live,
    locks,
    holds,
    log,
    people,
    members,
    join(member) {
      members.set(member.session, member);
      presenceChanged();
    },
    leave(member, gone) {
      if (members.get(member.session) !== member) return;
      members.delete(member.session);
      if (gone) people.remove(member.session);
      else people.broke(member.session);
      presenceChanged();
    },
    tell,
    broadcast,
    publish,
    learn,
    readLocks,
    show,
    presenceChanged,
    tick,
    sweep() {
      if (people.sweep().length > 0) presenceChanged();
    },
    isEmpty: () =>
      members.size === 0 && people.ours().length === 0 && !holds.all().some(holds.unsaved),
    close() {
      if (closed) return;
      for (const person of people.ours()) people.broke(person.session);
      publish({ kind: 'presence', people: people.ours() });
      closed = true;
      for (const stop of stops) stop();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
  later('heartbeat', heartbeat, HEARTBEAT_MS);
  later('repair', repair, REPAIR_MS);
  presenceChanged();
  return room;
}
