import { connect, type Socket } from 'node:net';
import { MAX_MESSAGE_BYTES } from '@mixdown/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hold, type Nodes, type RoomScene, startNodes } from '../testing/room-scene.ts';
import { newSession, openSocket, type SocketClient, socketUrl } from '../testing/socket-client.ts';

let nodes: Nodes;
let scene: RoomScene;
let a: Awaited<ReturnType<Nodes['join']>>;
let b: Awaited<ReturnType<Nodes['join']>>;
let fence: number;
let n = 0;

beforeAll(async () => {
  nodes = await startNodes(1);
  scene = await nodes.scene();
  const app = nodes.server.app;
  a = await nodes.join(app, nodes.editor, scene);
  b = await nodes.join(app, nodes.owner, scene);
  fence = await hold(a);
});
afterAll(() => nodes[Symbol.asyncDispose]());

/** The pair keeps exchanging values: one more goes there and comes back as durable. */
async function exchange(): Promise<void> {
  n += 1;
  const value = (n % 48) - 24;
  const from = b.heard.length;
  a.say({ t: 'pf', h: a.h, f: fence, n, v: [0, value], fin: 1 });
  await a.next('ack', (ack) => ack.n >= n);
  await b.next('pf', ({ e }) => e.some((entry) => entry.n === n && entry.v[1] === value), from);
  expect((await nodes.params(scene.pluginIds[0])).gain).toBe(value);
}
beforeEach(exchange);

const joined = () => nodes.join(nodes.server.app, nodes.editor, scene);
const codeOf = async (socket: SocketClient) => (await socket.ended).code;

/** Below the WebSocket, where a client may say what no browser would. */
const rawSocket = ({ socket }: SocketClient) => Reflect.get(socket, '_socket') as Socket;
/** A masked text frame of one byte with RSV1 set, which nobody has agreed on. */
const COMPRESSED = Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0x78]);

describe('a connection that breaks the rules is closed with a code', () => {
  it.each<[string, number, (socket: SocketClient & { h: number }) => void]>([
    ['malformed JSON', 4400, (s) => s.say('{"t":"pf",')],
    ['no object', 4400, (s) => s.say('null')],
    ['no message of the protocol', 4400, (s) => s.say({ t: 'rm -rf' })],
    ['a prototype for a kind', 4400, (s) => s.say('{"t":"__proto__","__proto__":{"h":0}}')],
    ['a frame without numbers', 4400, (s) => s.say({ t: 'pf', h: 'x', f: 1, n: 1, v: [0, 0] })],
    ['an operation of another kind', 4400, (s) => s.say({ t: 'op', kind: 'plugin.params' })],
    ['JSON as deep as a message is long', 4400, (s) => s.say('['.repeat(MAX_MESSAGE_BYTES))],
    [
      'an edit as deep',
      4400,
      (s) => {
        const opId = '"opId":"01890000-0000-7000-8000-000000000000"';
        const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
        s.say(`{"t":"op",${opId},"kind":"track.add","payload":${deep}}`);
      },
    ],
    [
      'a frame of an endless number',
      4400,
      (s) => s.say('{"t":"pf","h":0,"f":1,"n":1e999,"v":[0,0]}'),
    ],
    [
      'text that is none',
      1007,
      (s) => s.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false }),
    ],
    ['a frame that claims to be compressed', 1002, (s) => rawSocket(s).write(COMPRESSED)],
    ['a frame that is not masked', 1002, (s) => rawSocket(s).write(Buffer.from([0x81, 1, 0x78]))],
    ['binary', 4400, (s) => s.socket.send(Buffer.from([1, 2, 3]))],
    ['too long', 4413, (s) => s.say(JSON.stringify({ x: 'y'.repeat(MAX_MESSAGE_BYTES) }))],
    ['too long in bytes', 4413, (s) => s.say(JSON.stringify({ x: 'ü'.repeat(40_000) }))],
    ['far too long', 1009, (s) => s.say('y'.repeat(3 * MAX_MESSAGE_BYTES))],
    [
      'a flood of frames',
      4429,
      (s) => {
        for (let i = 0; i < 5000; i++) s.say({ t: 'ping', ts: i });
      },
    ],
    [
      'a flood of edits',
      4429,
      (s) => {
        for (let i = 0; i < 300; i++) s.say({ t: 'lock.acquire', h: 99 });
      },
    ],
  ])('%s', async (_, code, attack) => {
    const socket = await joined();
    attack(socket);
    expect(await codeOf(socket)).toBe(code);
    await exchange();
  });

  it('before it has said hello', async () => {
    const socket = await openSocket(nodes.server.app);
    socket.say({ t: 'pf', h: 0, f: 1, n: 1, v: [0, 0] });
    expect(await codeOf(socket)).toBe(4400);
  });

  it('for another project after its own', async () => {
    const other = await nodes.scene();
    const socket = await joined();
    await socket.hello({ who: nodes.editor, projectId: other.projectId }).catch(() => {});
    expect(await codeOf(socket)).toBe(4400);
  });
});

describe('what is forged is refused', () => {
  it('a frame under somebody else’s fence, a made-up one, or for a plugin that is not there', async () => {
    const socket = await joined();
    const before = (await nodes.params(scene.pluginIds[0])).gain;
    for (const [h, f, code] of [
      [socket.h, fence, 'not_held'],
      [socket.h, fence + 1, 'not_held'],
      [socket.h, fence - 1, fence > 1 ? 'stale_fence' : 'stale_fence'],
      [9999, 1, 'not_held'],
    ] as const) {
      const from = socket.heard.length;
      socket.say({ t: 'pf', h, f, n: 1, v: [0, 24], fin: 1 });
      expect(await socket.next('nack', undefined, from)).toEqual({ t: 'nack', h, f, n: 1, code });
    }
    socket.say({ t: 'lock.release', h: socket.h, f: fence });
    socket.say({ t: 'lock.answer', h: socket.h, session: newSession(), allow: true });
    socket.say({ t: 'ping', ts: 7 });
    await socket.next('pong', ({ ts }) => ts === 7);
    expect((await nodes.params(scene.pluginIds[0])).gain).toBe(before);
    await exchange();
    await socket.close();
  });

  it('values that the plugin cannot have', async () => {
    for (const v of [
      [0, 25],
      [0, -25],
      [1, 0.5],
      [2, 0],
      [-1, 0],
      [0.5, 0],
      [0],
      [],
      [0, 'x'],
      [0, null],
      ['constructor', 1],
      Array.from({ length: 258 }, (_, i) => (i % 2 ? 1 : 0)),
    ]) {
      const from = a.heard.length;
      n += 1;
      a.say({ t: 'pf', h: a.h, f: fence, n, v });
      expect(await a.next('nack', undefined, from)).toMatchObject({ n, code: 'invalid' });
    }
    n += 1;
    const from = a.heard.length;
    a.say(`{"t":"pf","h":${a.h},"f":${fence},"n":${n},"v":[0,1e999]}`);
    expect(await a.next('nack', undefined, from)).toMatchObject({ n, code: 'invalid' });
    await exchange();
  });

  it('a project of others, in every place', async () => {
    const stranger = await nodes.server.signUp();
    const theirs = await stranger.createProject();
    const socket = await openSocket(nodes.server.app);
    await socket.hello({ who: nodes.owner, projectId: theirs }).catch(() => {});
    expect(await codeOf(socket)).toBe(4404);
    const track = await stranger.addTrack(theirs);
    const inside = await joined();
    const opId = crypto.randomUUID();
    inside.say({ t: 'op', opId, kind: 'track.remove', payload: { trackId: track } });
    expect(await inside.next('op.err')).toMatchObject({ opId, code: 'not_found' });
    await inside.close();
  });

  it('pages of other origins', async () => {
    const { app } = nodes.server;
    const { host, port } = new URL(socketUrl(app));
    const own = await openSocket(app, { origin: `http://${host}` });
    expect(own.socket.readyState).toBe(own.socket.OPEN);
    await own.close();
    for (const origin of [
      'https://evil.example',
      `http://127.0.0.1:${Number(port) + 1}`,
      'null',
      `http://${host}.evil.example`,
    ]) {
      const socket = await openSocket(app, { origin });
      expect(await codeOf(socket)).toBe(1006);
    }
  });

  it('upgrades to other addresses', async () => {
    const { port } = new URL(socketUrl(nodes.server.app));
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(
          'GET /api/v1/other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        ),
      );
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('end', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
  });
});

it('keeps serving under a thousand connections that never say who they are', async () => {
  const { app } = nodes.server;
  const sockets = await Promise.all(Array.from({ length: 1000 }, () => openSocket(app)));
  for (let i = 0; i < 5; i++) await exchange();
  // Whoever comes from the same address gets in.
  await (await joined()).close();
  // Those beyond the limit are gone at once, the others when they have had time to say hello.
  const codes = await Promise.all(sockets.map(codeOf));
  const counts = Map.groupBy(codes, (code) => code);
  expect(counts.get(4429)?.length).toBeGreaterThanOrEqual(900);
  expect(counts.get(4408)?.length).toBeGreaterThan(0);
  expect([...counts.keys()].sort()).toEqual([4408, 4429]);
  await exchange();
  const late = await joined();
  await late.close();
});
