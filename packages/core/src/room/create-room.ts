import {
  type ClientMessage,
  MAX_MESSAGE_BYTES,
  type Operation,
  PROTOCOL,
  type Presence,
  type ServerMessage,
} from '@mixdown/contract';
import { createConnection } from './connection.ts';
import { createMoving } from './moving.ts';
import { createPendingOperations } from './pending-operations.ts';
import { ALL_PROTECTIONS } from './protections.ts';
import { type Room, type RoomDeps, type RoomLock, RoomNotLive } from './room.ts';
import { createSlots } from './slots.ts';

type Welcome = Extract<ServerMessage, { t: 'welcome' }>;

/**
 * A project's room as one page sees it: who is there, who holds what, what everybody's hands do, and the log. Pure: it
 * knows no socket, no clock and no document but those it is given.
 */
export function createRoom(deps: RoomDeps): Room {
  const { events, session } = deps;
  const on = { ...ALL_PROTECTIONS, ...deps.protections };
  let { epoch, seq } = deps.start;
  /** Between `hello` and its answer nothing else counts. */
  let syncing = true;
  let unsaved = 0;
  let focus: Extract<ClientMessage, { t: 'look' }>['focus'] | null = null;
  const people = new Map<string, Presence>();
  const pending = createPendingOperations();
  const moving = createMoving(deps.clock, events.moving);

  const connection = createConnection({
    clock: deps.clock,
    random: deps.random,
    connect: deps.connect,
    token: deps.token,
    ...(deps.wallClock && { wallClock: deps.wallClock }),
    on: {
      hello: (token) => ({
        t: 'hello',
        v: PROTOCOL,
        token,
        projectId: deps.projectId,
        session,
        epoch,
        lastSeq: seq,
      }),
      message,
      down() {
        syncing = true;
        slots.each((slot) => slot.down());
        pending.failAll();
        count();
      },
      status: events.status,
    },
  });

  const slots = createSlots({
    session,
    clock: deps.clock,
    on,
    events: {
      values: events.values,
      lockRefused: events.lockRefused,
      lock(pluginId, lock) {
        moving.stop(pluginId);
        events.lock(pluginId, lock);
      },
    },
    start: deps.start.plugins,
    parameterOf: deps.parameterOf,
    send: connection.send,
    clear: connection.clear,
    live: () => connection.live() && !syncing,
    dropped(pluginId, why, params, holder) {
      const person = holder === undefined ? undefined : people.get(holder);
      events.dropped({ pluginId, params, why, ...(person && { holder: person }) });
    },
  });

  function count(): void {
    const now = slots.unsaved() + pending.count();
    if (now === unsaved) return;
    unsaved = now;
    events.unsaved(now);
  }

  function helloAgain(): void {
    syncing = true;
    connection.helloAgain();
  }

  // --------------------------------------------------------------------------------------- the log

  function apply(operation: Operation): void {
    seq = operation.seq;
    const own = pending.has(operation.opId);
    slots.apply(operation, own);
    pending.seen(operation.opId, operation.seq);
    events.operation(operation);
    slots.settle(seq);
  }

  /** Whether `next` is what comes now. A gap makes the room ask again. */
  function isNext(next: number): boolean {
    if (next <= seq) return false;
    if (next === seq + 1 || !on.gapCheck) return true;
    helloAgain();
    return false;
  }

  function welcome(m: Welcome): void {
    if (m.mode === 'snapshot' && m.snapshot) {
      epoch = m.epoch;
      seq = m.seq;
      slots.rebase(m.snapshot.plugins);
      events.snapshot(m.snapshot);
    } else {
      for (const operation of m.ops ?? []) if (operation.seq === seq + 1) apply(operation);
    }
    people.clear();
    for (const person of m.presence) people.set(person.session, person);
    events.presence([...people.values()]);
    events.role?.(m.role);
    syncing = false;
    connection.welcomed();
    if (focus) connection.send({ t: 'look', focus });
    for (const plugin of m.plugins) slots.bind(plugin, m.params[plugin.k] ?? []);
    slots.welcome(m.locks, m.live, seq);
    // More has happened than the answer holds: it comes as messages, or the next heartbeat shows that it did not.
  }

  function folded(m: Extract<ServerMessage, { t: 'po' }>): void {
    if (!isNext(m.seq)) return;
    const slot = slots.at(m.h);
    const params = slot?.fold(m.f, m.n);
    if (!slot || !params) {
      helloAgain();
      return;
    }
    apply({
      seq: m.seq,
      // Frames have no operation id that anybody could repeat; this one names what it stands for.
      opId: `${slot.id}/${m.f}/${m.n}`,
      kind: 'plugin.params',
      payload: { pluginId: slot.id, patch: { params }, fence: m.f, n: m.n },
      actor: slot.lock()?.fence === m.f ? (slot.lock()?.user ?? null) : null,
    });
  }

  // -------------------------------------------------------------------------------------- messages

  function message(m: ServerMessage): void {
    if (m.t === 'welcome') welcome(m);
    else if (m.t === 'op.ok' || m.t === 'op.err') {
      const refused = pending.answer(m);
      if (refused?.kind === 'plugin.add' && refused.payload.id)
        slots.gone(refused.payload.id, false);
    } else if (!syncing) hear(m);
    count();
  }

  function hear(m: Exclude<ServerMessage, { t: 'welcome' | 'op.ok' | 'op.err' }>): void {
    switch (m.t) {
      case 'op': {
        if (!isNext(m.seq)) return;
        const { t: _, plugin, params, ...operation } = m;
        apply(operation as Operation);
        if (plugin) slots.bind(plugin, params ?? [], true);
        return;
      }
      case 'po':
        folded(m);
        return;
      case 'pf':
        for (const entry of m.e) {
          const slot = slots.at(entry.h);
          if (slot) moving.moved(slot.id, slot.remote(entry));
        }
        return;
      case 'ack':
        slots.at(m.h)?.ack(m, seq);
        return;
      case 'nack':
        slots.at(m.h)?.nack(m);
        return;
      case 'lock.ok':
        slots.at(m.h)?.lockOk(m);
        return;
      case 'lock.busy':
        slots.at(m.h)?.lockBusy(m);
        return;
      case 'lock.err':
        slots.at(m.h)?.lockError(m.code, m.detail);
        return;
      case 'lk':
        slots.at(m.h)?.lockChanged(m);
        return;
      case 'lock.asked': {
        const slot = slots.at(m.h);
        if (slot) events.asked(slot.id, { session: m.session, name: m.name }, m.ms);
        return;
      }
      case 'lock.kept': {
        const slot = slots.at(m.h);
        if (slot) events.kept(slot.id);
        return;
      }
      case 'hb':
        if (!on.heartbeatRepair) return;
        if (m.seq > seq) {
          helloAgain();
          return;
        }
        slots.lockList(m.locks);
        return;
      case 'pr': {
        const { t: _, ...person } = m;
        people.set(person.session, person);
        events.presence([...people.values()]);
        return;
      }
      case 'pr.gone':
        if (people.delete(m.session)) events.presence([...people.values()]);
        return;
      case 'role':
        events.role?.(m.role);
        return;
      case 'pong':
        return;
    }
  }

  /** Says something about a plugin that the gateway knows, if it can be said now. */
  function say(pluginId: string, words: (h: number) => ClientMessage): void {
    const h = slots.get(pluginId)?.handle() ?? null;
    if (h !== null && connection.live() && !syncing) connection.send(words(h));
  }

  function flush(): void {
    slots.each((slot) => slot.flush());
    count();
  }

  function close(code?: number): void {
    pending.failAll();
    moving.close();
    slots.close();
    connection.close(code);
  }

  return {
    connect: connection.connect,
    close: () => close(),
    leave() {
      flush();
      close(1000);
    },
    setParams(pluginId, params, { final }) {
      slots.ensure(pluginId).set(params, final);
      count();
    },
    acquire: (pluginId) => slots.get(pluginId)?.acquire(),
    release: (pluginId) => slots.get(pluginId)?.release(),
    request: (pluginId) => say(pluginId, (h) => ({ t: 'lock.request', h })),
    force: (pluginId) => say(pluginId, (h) => ({ t: 'lock.force', h })),
    answer(pluginId, asking, allow) {
      if (allow) slots.get(pluginId)?.flush();
      say(pluginId, (h) => ({ t: 'lock.answer', h, session: asking, allow }));
    },
    perform(request) {
      if (!connection.live() || syncing) return Promise.reject(new RoomNotLive());
      const pluginId = 'pluginId' in request.payload ? request.payload.pluginId : null;
      const lock = pluginId === null ? null : slots.get(pluginId)?.lock();
      const said = { t: 'op', ...request, ...(lock?.mine && { f: lock.fence }) } as ClientMessage;
      // Characters are at most three bytes; what might be too long goes another way.
      if (JSON.stringify(said).length * 3 > MAX_MESSAGE_BYTES)
        return Promise.reject(new RoomNotLive());
      const answer = pending.add(request);
      connection.send(said);
      count();
      return answer;
    },
    look(next) {
      focus = next;
      if (connection.live()) connection.send({ t: 'look', focus });
    },
    flush,
    status: connection.status,
    seq: () => seq,
    visible: (pluginId) => slots.get(pluginId)?.visible() ?? {},
    locks() {
      const locks = new Map<string, RoomLock>();
      slots.each((slot) => {
        const lock = slot.lock();
        if (lock) locks.set(slot.id, lock);
      });
      return locks;
    },
    mine: () => slots.mine(),
    takeUnsent() {
      const unsent = [...slots.mine()].map(([pluginId, params]) => ({ pluginId, params }));
      for (const { pluginId, params } of unsent) slots.get(pluginId)?.forget(Object.keys(params));
      count();
      return unsent;
    },
  };
}
