import type {
  ClientMessage,
  Operation,
  ParameterOverlay,
  PluginSlot,
  Presence,
  ServerMessage,
} from '@mixdown/contract';
import type { VirtualClock } from '../../../../../tests/support/virtual-clock.ts';
import { createRoom } from '../create-room.ts';
import type { RoomDeps, SocketEvents } from '../room.ts';

export const PROJECT = '00000000-0000-4000-8000-000000000001';
export const TRACK = '00000000-0000-4000-8000-000000000002';
export const PLUGIN = '00000000-0000-4000-8000-000000000003';
export const ME = 'session-of-this-page';
export const ANA = 'session-of-ana-0001';

export const anna: Presence = {
  session: ANA,
  userId: '00000000-0000-4000-8000-00000000000a',
  name: 'Ana',
  color: 1,
  role: 'editor',
  focus: { trackId: null, pluginId: null, paramId: null },
  state: 'here',
};

const overlay: ParameterOverlay = {
  id: 'x',
  label: 'X',
  unit: '',
  kind: 'continuous',
  scale: 'linear',
  min: 0,
  max: 1000,
  default: 0,
  step: 1,
  group: 'Main',
};

export const slotOf = (id: string, params: Record<string, number>): PluginSlot => ({
  id,
  projectId: PROJECT,
  trackId: TRACK,
  position: 0,
  catalogId: 'test.gain',
  version: '1.0.0',
  integrity: '',
  params,
  state: null,
  bypassed: false,
  mix: 1,
  fence: 0,
  createdAt: '2026-01-25T00:00:00.000Z',
  updatedAt: '2026-01-25T00:00:00.000Z',
});

type Welcome = Extract<ServerMessage, { t: 'welcome' }>;
const FRAMES_OFF = new Set(['ping', 'hello', 'token', 'look']);

/** A room whose gateway says what the test has it say, and that notes all that the room calls back. */
export function scriptedRoom(clock: VirtualClock, more: Partial<RoomDeps> = {}) {
  const calls: unknown[][] = [];
  const sockets: { events: SocketEvents; said: ClientMessage[]; closed: number | null }[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push([name, ...args]);
    };
  let failTokens = false;
  let token = 'token-1';
  const room = createRoom({
    projectId: PROJECT,
    session: ME,
    clock,
    random: () => 0.5,
    connect(events) {
      const socket = { events, said: [] as ClientMessage[], closed: null as number | null };
      sockets.push(socket);
      return {
        send: (text) => void socket.said.push(JSON.parse(text) as ClientMessage),
        close: (code = 1000) => {
          socket.closed = code;
        },
      };
    },
    token: () => (failTokens ? Promise.reject(new Error('offline')) : Promise.resolve(token)),
    start: { epoch: 1, seq: 10, plugins: [slotOf(PLUGIN, { x: 1, y: 2, z: 3 })] },
    parameterOf: (_catalogId, id) => ({ ...overlay, id }),
    events: {
      status: note('status'),
      operation: note('operation'),
      snapshot: note('snapshot'),
      values: note('values'),
      lock: note('lock'),
      moving: note('moving'),
      asked: note('asked'),
      kept: note('kept'),
      presence: note('presence'),
      dropped: note('dropped'),
      lockRefused: note('lockRefused'),
      unsaved: note('unsaved'),
      role: note('role'),
    },
    ...more,
  });
  const current = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('the room has not connected');
    return socket;
  };
  const say = (message: ServerMessage) => current().events.message(JSON.stringify(message));
  const welcome = (o: Partial<Welcome> = {}): Welcome => ({
    t: 'welcome',
    epoch: 1,
    seq: 10,
    role: 'editor',
    mode: 'resume',
    ops: [],
    plugins: [{ h: 0, id: PLUGIN, k: 'a' }],
    params: { a: ['x', 'y', 'z'] },
    locks: [],
    presence: [],
    live: [],
    tickMs: 40,
    ...o,
  });
  return {
    room,
    clock,
    sockets,
    current,
    say,
    failTokens: (fail: boolean) => {
      failTokens = fail;
    },
    setToken: (next: string) => {
      token = next;
    },
    /** Connects and is welcomed. */
    async join(o: Partial<Welcome> = {}): Promise<void> {
      room.connect();
      await clock.advanceAsync(0);
      current().events.open();
      say(welcome(o));
    },
    /** After the connection broke: waits out the backoff and is welcomed again. */
    async rejoin(o: Partial<Welcome> = {}): Promise<void> {
      const before = sockets.length;
      await clock.advanceAsync(5000);
      if (sockets.length === before) throw new Error('the room did not come back');
      current().events.open();
      say(welcome(o));
    },
    break: (code = 1006) => current().events.closed(code, code === 1000),
    /** What the room has said on this connection since the last look, pings left out. */
    said(): ClientMessage[] {
      const { said } = current();
      return said.splice(0).filter((message) => !FRAMES_OFF.has(message.t));
    },
    /** Callbacks of this name since the last look. */
    took(name: string): unknown[][] {
      const found = calls.filter(([called]) => called === name).map(([, ...args]) => args);
      for (let at = calls.length - 1; at >= 0; at -= 1)
        if (calls[at]?.[0] === name) calls.splice(at, 1);
      return found;
    },
  };
}

export const paramsOp = (
  seq: number,
  params: Record<string, number>,
  lock?: { fence: number; n: number },
): Extract<Operation, { kind: 'plugin.params' }> => ({
  seq,
  opId: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
  kind: 'plugin.params',
  payload: { pluginId: PLUGIN, patch: { params }, ...lock },
  actor: anna.userId,
});
