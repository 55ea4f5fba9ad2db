import type { AccountRole, ClientMessage, ProjectRole, ServerMessage } from '@mixdown/contract';
import {
  type AuthorityMethod,
  createMemoryAuthority,
} from '../../../../tests/support/memory-authority.ts';
import { createVirtualClock } from '../../../../tests/support/virtual-clock.ts';
import type { Identity } from '../auth/identity.ts';
import type { Bus, BusMessage } from '../realtime/bus/bus.ts';
import { createListeners } from '../realtime/bus/local-bus.ts';
import { createGateway, type Gateway, type GatewayDeps } from '../realtime/gateway.ts';
import { FAKE_CATALOG, fakeProject, PLUGIN_IDS, PROJECT_ID } from './fake-project.ts';

type Of<T extends ServerMessage['t']> = Extract<ServerMessage, { t: T }>;

export interface Person {
  readonly identity: Identity;
  readonly role: ProjectRole;
  readonly token: string;
}
const person = (name: string, role: ProjectRole, account: AccountRole = 'pro'): Person => {
  const userId = `00000000-0000-4000-8000-${name.padStart(12, '0')}`;
  return {
    role,
    token: `token of ${name}`,
    identity: {
      userId,
      email: `${name}@test.mixdown`,
      role: account,
      sessionId: null,
      claims: { sub: userId },
    },
  };
};
export const ANA = person('a', 'owner');
export const BEN = person('b', 'editor');
export const EVE = person('e', 'editor', 'admin');
const PEOPLE = [ANA, BEN, EVE];

export interface FakeClient {
  readonly session: string;
  readonly heard: ServerMessage[];
  /** Null while it is open. */
  code(): number | null;
  /** Bytes that it has not taken. */
  buffer(bytes: number): void;
  /** How often the network was told that a hand moves here. */
  moves(): number;
  say(message: ClientMessage | string): void;
  all<T extends ServerMessage['t']>(t: T): Of<T>[];
  last<T extends ServerMessage['t']>(t: T): Of<T> | undefined;
  /** The connection ends: by a goodbye, or it breaks. */
  end(clean: boolean): void;
}

/** Nodes in virtual time, over an authority and a bus in memory, with every fault at hand. */
export function createFakeRoom(o: Partial<GatewayDeps> = {}) {
  const clock = createVirtualClock();
  const away = new Set<AuthorityMethod>();
  const calls: AuthorityMethod[] = [];
  const stations = new Map<string, ReturnType<typeof createListeners>>();
  const cut = new Set<string>();
  /** Kinds of messages between nodes that get lost. */
  const lost = new Set<BusMessage['kind']>();
  let sessions = 0;

  function deliver(projectId: string, message: BusMessage, from: string): void {
    if (lost.has(message.kind) || cut.has(from)) return;
    for (const [id, listeners] of stations) {
      if (id !== from && !cut.has(id)) {
        clock.setTimer(() => listeners.tell(projectId, message, from), 1);
      }
    }
  }
  const memory = createMemoryAuthority({
    clock,
    catalog: FAKE_CATALOG,
    project: fakeProject(ANA.identity.userId),
    members: PEOPLE.map(({ identity, role }) => ({ userId: identity.userId, role })),
    fault(method) {
      calls.push(method);
      return { latencyMs: 2, ...(away.has(method) && { reject: 'before' as const }) };
    },
    onLock: (lock) => deliver(PROJECT_ID, { kind: 'lock', ...lock }, 'database'),
  });

  function node(id: string): Gateway {
    const listeners = createListeners();
    stations.set(id, listeners);
    const bus: Bus = {
      publish: (projectId, message) => deliver(projectId, message, id),
      subscribe: listeners.add,
      onGap: () => () => {},
      close: async () => void stations.delete(id),
    };
    return createGateway({
      authority: memory.authority,
      bus,
      verify: async (token) => PEOPLE.find((who) => who.token === token)?.identity ?? null,
      catalog: FAKE_CATALOG,
      clock,
      nodeId: id,
      wallClock: clock.now,
      ...o,
    });
  }

  /** A connection that has said nothing. */
  function open(gateway: Gateway, session = `session-${String(++sessions).padStart(10, '0')}`) {
    const heard: ServerMessage[] = [];
    let code: number | null = null;
    let bytes = 0;
    let moves = 0;
    const connection = gateway.accept(
      {
        send: (text) => void heard.push(JSON.parse(text)),
        close(with_) {
          code = with_;
        },
        bufferedBytes: () => bytes,
        moved() {
          moves += 1;
        },
      },
      { address: '192.0.2.1' },
    );
    const client: FakeClient = {
      session,
      heard,
      code: () => code,
      buffer(next) {
        bytes = next;
      },
      moves: () => moves,
      say: (message) =>
        connection.message(typeof message === 'string' ? message : JSON.stringify(message)),
      all: (t) => heard.filter((message) => message.t === t) as never,
      last: (t) => heard.findLast((message) => message.t === t) as never,
      end: connection.closed,
    };
    return client;
  }

  async function join(
    gateway: Gateway,
    { token }: Person,
    more: { session?: string; lastSeq?: number } = {},
  ): Promise<FakeClient> {
    const client = open(gateway, more.session);
    const { session } = client;
    const { lastSeq = -1 } = more;
    client.say({ t: 'hello', v: 1, token, projectId: PROJECT_ID, session, epoch: 1, lastSeq });
    await clock.advanceAsync(30);
    return client;
  }

  /** Takes the lock of plugin h; its fence. */
  async function hold(client: FakeClient, h = 0): Promise<number> {
    client.say({ t: 'lock.acquire', h });
    await clock.advanceAsync(20);
    return client.last('lock.ok')?.f ?? -1;
  }

  return {
    clock,
    memory,
    away,
    calls,
    lost,
    /** As the database tells all nodes. */
    announce: (message: BusMessage) => deliver(PROJECT_ID, message, 'database'),
    /** The node hears nothing and says nothing. */
    cut,
    node,
    open,
    join,
    hold,
    pass: clock.advanceAsync,
    value: (at = 0) =>
      memory.snapshot().plugins.find(({ id }) => id === PLUGIN_IDS[at])?.params.gain,
  };
}
