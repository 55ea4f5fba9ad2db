import {
  type Operation,
  type ProjectSnapshot,
  type ServerMessage,
  TICK_MS,
} from '@mixdown/contract';
import { broadcastFrames } from './broadcast-frames.ts';
import type { BusMessage } from './bus/bus.ts';
import { createHolds } from './holds.ts';
import { createLiveFrames } from './live-frames.ts';
import { createLockTable, type KnownLock } from './lock-table.ts';
import { createTimers } from './named-timers.ts';
import { createPeople } from './people.ts';
import { createRoomLog } from './room-log.ts';
import { createRoomPlugins } from './room-plugins.ts';
import type { Member, Room, RoomDeps } from './room-types.ts';
import { momentFrom, until } from './ticks.ts';

const HEARTBEAT_MS = 2_000;
const REPAIR_MS = 1_500;
/** Of so many repairs one reads the locks too, and one looks whether all may still be here. */
const [LOCKS_EVERY, RECHECK_EVERY] = [4, 20];
const PUBLISH_PEOPLE_MS = 60;
/** A tick that comes so much late does not put off the next one. */
const LATE_MS = 10;
const SIGN_OF_LIFE_MS = 4_000;

export function createRoom(deps: RoomDeps, start: ProjectSnapshot): Room {
  const { projectId, authority, bus, clock, metrics } = deps;
  const members = new Map<string, Member>();
  const plugins = createRoomPlugins(deps.catalog, start.plugins);
  const live = createLiveFrames(plugins, deps.on);
  const locks = createLockTable(plugins);
  const timers = createTimers(clock);
  const { later } = timers;
  let ticks = 0;
  let lastTick = Number.NEGATIVE_INFINITY;
  let repairs = 0;
  let closed = false;

  const broadcast = (message: ServerMessage) => {
    const text = JSON.stringify(message);
    for (const member of [...members.values()]) member.send(text);
  };
  const tell = (session: string, message: ServerMessage) =>
    members.get(session)?.send(JSON.stringify(message));
  const publish = (message: BusMessage) => bus.publish(projectId, message);

  // -------------------------------------------------------------------------------------- values

  function tick(due = clock.now()): void {
    timers.cancel('tick');
    if (!live.moving()) return;
    lastTick = Math.max(due, clock.now() - LATE_MS);
    ticks += 1;
    const { out, bus: toOthers } = live.take();
    // The bus may be the database: what nobody would hear is not said.
    if (toOthers.length > 0 && people.elsewhere()) publish({ kind: 'frames', e: toOthers });
    broadcastFrames(out, { tick: ticks, members: [...members.values()], metrics });
  }
  /** When what has come now goes out: at once if the last tick was long enough ago, else with the next one of the node. */
  function nextTick(now: number): number {
    const ripe = lastTick + TICK_MS;
    const moment = momentFrom(now - LATE_MS);
    if (moment >= ripe && until(moment, now) === 0) return moment;
    return now >= ripe ? now : momentFrom(ripe);
  }
  function show(): void {
    const now = clock.now();
    const due = nextTick(now);
    const wait = until(due, now);
    // What has come until then is read first.
    const run = wait > 0 ? () => later('tick', () => tick(due), 0) : () => tick(due);
    later('tick', run, wait);
  }

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
      if (people.elsewhere()) publish({ kind: 'ops', seq: operation.seq });
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
    timers.cancel('alive');
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
  /** News of somebody's standing may have been lost. */
  const recheckAll = () => {
    for (const member of [...members.values()]) void member.recheck().catch(() => {});
  };
  const repair = () => {
    if (members.size > 0) {
      log.readQuietly();
      repairs += 1;
      if (repairs % RECHECK_EVERY === 0) recheckAll();
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
        for (const e of message.e) if (!locks.isOver(e.pluginId, e.f) && live.hear(e)) show();
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
      recheckAll();
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
      timers.close();
    },
  };
  later('heartbeat', heartbeat, HEARTBEAT_MS);
  later('repair', repair, REPAIR_MS);
  presenceChanged();
  return room;
}
