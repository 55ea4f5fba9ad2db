import type { Identity } from '@mixdown/api/auth/identity';
import type { Authority, HeldLock } from '@mixdown/api/realtime/authority';
import { createLocalBus } from '@mixdown/api/realtime/bus/local-bus';
import { createGateway } from '@mixdown/api/realtime/gateway';
import { FAKE_CATALOG, fakeProject } from '@mixdown/api/testing/fake-project';
import type { PluginSlot, ProjectSnapshot, ServerMessage } from '@mixdown/contract';
import { createVirtualClock } from '../../tests/support/virtual-clock.ts';

const PEOPLE = 10;
const TICK_MS = 40;
const MINUTE_MS = 60_000;

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const identityOf = (n: number): Identity => ({
  userId: uuid(n),
  email: null,
  role: 'pro',
  sessionId: null,
  claims: { sub: uuid(n) },
});

/** A project with a plugin for each. */
function projectOfTen(): ProjectSnapshot {
  const start = fakeProject(uuid(0));
  const [first] = start.plugins;
  if (!first) throw new Error('the project has no plugins');
  const plugins = Array.from(
    { length: PEOPLE },
    (_, n): PluginSlot => ({ ...first, id: uuid(1000 + n), position: n }),
  );
  return {
    ...start,
    assets: [],
    role: 'owner',
    plugins,
    tracks: [...start.tracks],
    clips: [...start.clips],
  };
}

/** Grants everything at once and keeps nothing but locks: what is measured is the gateway's memory, not this. */
function generous(snapshot: ProjectSnapshot): Authority {
  const locks = new Map<string, HeldLock>();
  let seq = 0;
  let fence = 0;
  return {
    standing: async () => ({ role: 'editor', editable: true, name: 'X', color: 0, epoch: 1, seq }),
    snapshot: async () => ({ ...snapshot, project: { ...snapshot.project, seq } }),
    operations: async () => [],
    locks: async () => [...locks.values()],
    async acquire({ identity, pluginId, session, ttlMs }) {
      fence += 1;
      locks.set(pluginId, { pluginId, session, userId: identity.userId, fence, ttlMs });
      return { ok: true, fence, ttlMs, n: 0 };
    },
    renew: async (sessions) =>
      [...locks.values()].filter((lock) => sessions.some((s) => s.session === lock.session)),
    async release({ pluginId }) {
      return locks.delete(pluginId);
    },
    async writeParams() {
      seq += 1;
      return seq;
    },
    perform: async () => ({ refusal: { code: 'not_found', detail: '' } }),
    sweep: async () => [],
  };
}

export interface Hour {
  /** MiB of heap after a collection, at the end of each tenth minute. */
  readonly heap: readonly number[];
  /** Values that went out to others. */
  readonly values: number;
}

/**
 * An hour of ten people who turn a knob each without a pause, one of whom leaves and comes back as a new session each
 * minute, through the real gateway in virtual time. Needs `--expose-gc`.
 */
export async function anHour(minutes = 60): Promise<Hour> {
  const clock = createVirtualClock();
  const snapshot = projectOfTen();
  const gateway = createGateway({
    authority: generous(snapshot),
    bus: createLocalBus(),
    verify: async (token) => identityOf(Number(token)),
    catalog: FAKE_CATALOG,
    clock,
    nodeId: 'only',
    wallClock: clock.now,
  });
  let values = 0;
  let sessions = 0;
  const people: { say(message: object): void; end(): void; move(step: number): void }[] = [];

  function join(number: number): void {
    let fence = 0;
    let n = 0;
    const connection = gateway.accept(
      {
        send(text) {
          if (!text.startsWith('{"t":"pf"') && !text.startsWith('{"t":"lock.ok"')) return;
          const message = JSON.parse(text) as ServerMessage;
          if (message.t === 'pf') for (const { v } of message.e) values += v.length / 2;
          else if (message.t === 'lock.ok') fence = message.f;
        },
        close() {},
        bufferedBytes: () => 0,
      },
      { address: `192.0.2.${number}` },
    );
    const say = (message: object) => connection.message(JSON.stringify(message));
    sessions += 1;
    const session = `session-of-somebody-${sessions}`;
    const hello = { t: 'hello', v: 1, token: String(number), projectId: snapshot.project.id };
    say({ ...hello, session, epoch: 1, lastSeq: -1 });
    clock.setTimer(() => say({ t: 'lock.acquire', h: number }), 200);
    people[number] = {
      say,
      end: () => connection.closed(true),
      move(step) {
        if (fence === 0) return;
        n += 1;
        say({ t: 'pf', h: number, f: fence, n, v: [0, ((step + number) % 200) - 100] });
      },
    };
  }
  for (let number = 0; number < PEOPLE; number++) join(number);
  const heap: number[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    for (let at = 0; at < MINUTE_MS; at += TICK_MS) {
      for (const person of people) person.move(at / TICK_MS);
      await clock.advanceAsync(TICK_MS);
    }
    const leaver = minute % PEOPLE;
    people[leaver]?.end();
    await clock.advanceAsync(100);
    join(leaver);
    if (minute % 10 === 0) {
      globalThis.gc?.();
      heap.push(process.memoryUsage().heapUsed / 1024 ** 2);
    }
  }
  await gateway.close();
  return { heap, values };
}
