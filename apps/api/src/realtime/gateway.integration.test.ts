import type { ServerMessage } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeRedis, startFakeRedis } from '../../../../tests/support/fake-redis/fake-redis.ts';
import { hold, type Nodes, startNodes } from '../testing/room-scene.ts';
import { newSession, openSocket, type SocketClient } from '../testing/socket-client.ts';

type Way = 'postgres' | 'redis';
const WAYS: [string, number, Way][] = [
  ['one node', 1, 'postgres'],
  ['two nodes that talk through Postgres', 2, 'postgres'],
  ['two nodes that talk through Redis', 2, 'redis'],
];

/** The log as a connection has heard it: gapless from its welcome on. */
function expectGapless({ heard }: SocketClient): void {
  let seq: number | null = null;
  for (const m of heard) {
    if (m.t === 'welcome') seq = m.seq;
    else if (m.t === 'op' || m.t === 'po') {
      expect(m.seq).toBe((seq ?? 0) + 1);
      seq = m.seq;
    }
  }
}
/** Everything that somebody has heard about live values of a plugin: index → latest value. */
function heardValues({ heard }: SocketClient, h: number): Map<number, number> {
  const values = new Map<number, number>();
  for (const m of heard) {
    if (m.t !== 'pf') continue;
    for (const e of m.e) {
      if (e.h !== h) continue;
      for (let at = 0; at < e.v.length; at += 2)
        values.set(e.v[at] as number, e.v[at + 1] as number);
    }
  }
  return values;
}
const isOp =
  <K extends string>(kind: K) =>
  (m: Extract<ServerMessage, { t: 'op' }>) =>
    m.kind === kind;

describe.each(WAYS)('%s', (_, count, way) => {
  let nodes: Nodes;
  let redis: FakeRedis | null = null;
  beforeAll(async () => {
    if (way === 'redis') redis = await startFakeRedis();
    const url = process.env.REDIS_URL ?? redis?.url;
    nodes = await startNodes(count, way === 'redis' ? { REDIS_URL: url } : {});
  });
  afterAll(async () => {
    await nodes[Symbol.asyncDispose]();
    await redis?.close();
  });

  /** The editor at the first node and the owner at the last one, both in a new project. */
  async function pair() {
    const scene = await nodes.scene();
    const [first, last] = [nodes.apps[0], nodes.apps.at(-1)];
    if (!first || !last) throw new Error('no nodes');
    const a = await nodes.join(first, nodes.editor, scene);
    const b = await nodes.join(last, nodes.owner, scene);
    // Another node's people come a moment later.
    const isThere = ({ session }: { session: string }) => session === a.session;
    if (!b.welcome.presence.some(isThere)) await b.next('pr', isThere);
    return { scene, first, last, a, b, plugin: scene.pluginIds[0] };
  }
  const over = (...sockets: SocketClient[]) => Promise.all(sockets.map((s) => s.close()));

  it('shows values to the other, and keeps the last one', async () => {
    const scene = await nodes.scene();
    const a = await nodes.join(nodes.apps[0] as never, nodes.editor, scene);
    const b = await nodes.join(nodes.apps.at(-1) as never, nodes.owner, scene);
    const f = await hold(a);
    await b.next('lk', (lk) => lk.h === b.h && lk.holder === a.session && lk.f === f);
    for (let n = 1; n <= 30; n++) {
      a.say({ t: 'pf', h: a.h, f, n, v: [0, n / 2, 1, n % 3], ...(n === 30 && { fin: 1 }) });
    }
    const ack = await a.next('ack', ({ n }) => n === 30);
    // An acknowledgement means that it is there, and whoever asks finds it.
    expect(await nodes.params(scene.pluginIds[0])).toEqual({ gain: 15, mode: 0 });
    const reached = ({ seq }: { seq: number }) => seq === ack.seq;
    await Promise.race([b.next('po', reached), b.next('op', reached)]);
    await a.next('po', reached);
    const values = heardValues(b, b.h);
    if (count === 1)
      expect([...values]).toEqual([
        [0, 15],
        [1, 0],
      ]);
    expect(heardValues(a, a.h).size).toBe(0);
    for (const socket of [a, b]) expectGapless(socket);
    await over(a, b);
  });

  it('has one holder; others learn who, by socket and by HTTP', async () => {
    const { a, b, scene, plugin } = await pair();
    const f = await hold(a);
    b.say({ t: 'lock.acquire', h: b.h });
    expect(await b.next('lock.busy')).toMatchObject({
      holder: a.session,
      user: nodes.editor.userId,
      f,
    });
    const path = `${scene.url}/plugins/${plugin}`;
    const put = (who = nodes.owner, headers = {}, more = {}) =>
      who.put(path, { bypassed: true, ...more }, headers);
    expect((await put()).json()).toMatchObject({ status: 423, code: 'plugin_locked' });
    const otherTab = { 'mixdown-session': newSession() };
    expect((await put(nodes.editor, otherTab)).statusCode).toBe(423);
    const opId = crypto.randomUUID();
    b.say({ t: 'op', opId, kind: 'plugin.remove', payload: { pluginId: plugin } });
    expect(await b.next('op.err')).toMatchObject({ opId, code: 'plugin_locked' });
    const own = { 'mixdown-session': a.session };
    expect((await put(nodes.editor, own, { fence: f })).statusCode).toBe(200);
    expect((await put(nodes.editor, own, { fence: f - 1 })).json().code).toBe('stale_fence');
    a.say({
      t: 'op',
      opId: crypto.randomUUID(),
      kind: 'plugin.update',
      payload: { pluginId: plugin, mix: 0.5 },
      f: f - 1,
    });
    expect(await a.next('op.err')).toMatchObject({ code: 'stale_fence' });
    await b.next('op', isOp('plugin.update'));
    await over(a, b);
    expectGapless(b);
  });

  it('passes a lock on when its holder allows, keeps, or lets go', async () => {
    const { a, b } = await pair();
    const f = await hold(a);
    await b.next('lk', (lk) => lk.holder === a.session);
    b.say({ t: 'lock.request', h: b.h });
    const question = await a.next('lock.asked');
    expect(question).toMatchObject({ h: a.h, session: b.session, ms: 10_000 });
    a.say({ t: 'lock.answer', h: a.h, session: b.session, allow: false });
    await b.next('lock.kept', ({ h }) => h === b.h);

    a.say({ t: 'pf', h: a.h, f, n: 1, v: [0, 9] });
    b.say({ t: 'lock.request', h: b.h });
    await a.next('lock.asked', undefined, a.heard.indexOf(question) + 1);
    a.say({ t: 'lock.answer', h: a.h, session: b.session, allow: true });
    const { f: next } = await b.next('lock.ok');
    expect(next).toBeGreaterThan(f);
    // What the holder had done is there before the next one begins.
    await a.next('ack', ({ n }) => n === 1);
    await a.next('lk', (lk) => lk.holder === b.session && lk.f === next);

    a.say({ t: 'lock.request', h: a.h });
    await b.next('lock.asked');
    b.say({ t: 'lock.release', h: b.h, f: next });
    await a.next('lock.ok', (ok) => ok.f > next);
    await over(a, b);
  });

  it('lets the owner take over: what was on its way is written first, and then refused', async () => {
    const { a, b, plugin, scene } = await pair();
    const f = await hold(a);
    await b.next('lk', (lk) => lk.holder === a.session);
    for (let n = 1; n <= 5; n++) a.say({ t: 'pf', h: a.h, f, n, v: [0, n] });
    a.say({ t: 'ping', ts: 1 });
    await a.next('pong');
    b.say({ t: 'lock.force', h: b.h });
    const forced = await b.next('lock.ok');
    expect(forced.f).toBeGreaterThan(f);
    expect((await nodes.params(plugin)).gain).toBe(5);
    await a.next('lk', (lk) => lk.holder === b.session);
    a.say({ t: 'pf', h: a.h, f, n: 6, v: [0, 6], fin: 1 });
    expect(await a.next('nack')).toMatchObject({ n: 6, f, code: 'stale_fence' });
    const late = await nodes.editor.put(
      `${scene.url}/plugins/${plugin}`,
      { params: { gain: 6 }, fence: f },
      { 'mixdown-session': a.session },
    );
    expect(late.statusCode).toBe(423);
    expect((await nodes.params(plugin)).gain).toBe(5);
    a.say({ t: 'lock.force', h: a.h });
    expect(await a.next('lock.err')).toMatchObject({ h: a.h, code: 'forbidden' });
    await over(a, b);
  });

  it('resumes where somebody was, and sends the whole where it cannot', async () => {
    const { a, b, scene, first, last } = await pair();
    const { seq } = b.welcome;
    await b.close();
    for (const name of ['One', 'Two', 'Three']) {
      const opId = crypto.randomUUID();
      a.say({ t: 'op', opId, kind: 'project.update', payload: { name } });
      await a.next('op.ok', (ok) => ok.opId === opId);
    }
    const again = await nodes.join(last, nodes.owner, scene, { lastSeq: seq });
    expect(again.welcome).toMatchObject({ mode: 'resume', seq: seq + 3 });
    expect(again.welcome.ops?.map((op) => op.payload)).toEqual(
      ['One', 'Two', 'Three'].map((name) => ({ patch: { name } })),
    );
    for (const o of [{ lastSeq: seq, epoch: 7 }, { lastSeq: seq + 100 }, {}]) {
      const whole = await nodes.join(first, nodes.owner, scene, o);
      expect(whole.welcome).toMatchObject({ mode: 'snapshot', seq: seq + 3 });
      expect(whole.welcome.snapshot?.project.name).toBe('Three');
      await whole.close();
    }
    // The same connection may ask again after a gap.
    const second = await again.hello({
      who: nodes.owner,
      projectId: scene.projectId,
      lastSeq: seq,
    });
    expect(second.ops).toHaveLength(3);
    await over(a, again);
  });

  it('does an edit once, over whichever way it comes', async () => {
    const { a, b, scene } = await pair();
    const opId = crypto.randomUUID();
    const id = crypto.randomUUID();
    const edit = { t: 'op', opId, kind: 'track.add', payload: { id, name: 'Keys' } } as const;
    a.say(edit);
    const { seq, dup } = await a.next('op.ok');
    expect(dup).toBeUndefined();
    expect(await b.next('op', isOp('track.add'))).toMatchObject({ seq, opId });
    b.say({ ...edit, payload: { ...edit.payload } });
    const headers = { 'operation-id': opId };
    // Another account's edit under the same id is that edit as well.
    expect(await b.next('op.ok')).toEqual({ t: 'op.ok', opId, seq, dup: true });
    const http = await nodes.editor.post(`${scene.url}/tracks`, { id, name: 'Keys' }, headers);
    expect([http.statusCode, http.json().seq]).toEqual([200, seq]);
    await a.next('op', isOp('track.add'));
    expect(a.all('op')).toHaveLength(1);
    await over(a, b);
  });

  it('sends who is removed away at once, from all tabs, and frees what they held', async () => {
    const { a, b, scene, last } = await pair();
    const other = await nodes.join(last, nodes.editor, scene);
    await hold(a);
    await b.next('lk', (lk) => lk.holder === a.session);
    await nodes.owner.delete(`${scene.url}/members/${nodes.editor.userId}`);
    expect((await a.ended).code).toBe(4403);
    expect((await other.ended).code).toBe(4403);
    await b.next('lk', (lk) => lk.h === b.h && lk.holder === null);
    await b.next('pr.gone', ({ session }) => session === a.session);
    await hold(b);
    const refused = await openSocket(last);
    await refused.hello({ who: nodes.editor, projectId: scene.projectId }).catch(() => {});
    expect((await refused.ended).code).toBe(4404);
    await b.close();
  });

  it('keeps the lock of a connection that broke, for the same session anywhere', async () => {
    const { a, b, scene, last, plugin } = await pair();
    const f = await hold(a);
    for (let n = 1; n <= 3; n++) a.say({ t: 'pf', h: a.h, f, n, v: [0, n] });
    a.say({ t: 'ping', ts: 1 });
    await a.next('pong');
    a.socket.terminate();
    await b.next('pr', (pr) => pr.session === a.session && pr.state === 'reconnecting');
    const again = await nodes.join(last, nodes.editor, scene, {
      session: a.session,
      lastSeq: a.welcome.seq,
    });
    expect(again.welcome.locks).toMatchObject([{ f, holder: a.session }]);
    again.say({ t: 'lock.acquire', h: again.h });
    const ok = await again.next('lock.ok');
    expect(ok.f).toBe(f);
    expect(ok.n).toBeLessThanOrEqual(3);
    again.say({ t: 'pf', h: again.h, f, n: 4, v: [0, 4], fin: 1 });
    await again.next('ack', ({ n }) => n === 4);
    expect((await nodes.params(plugin)).gain).toBe(4);
    await over(again, b);
  });

  it('lets the newest connection of a session stay', async () => {
    const { a, b, scene, last } = await pair();
    const f = await hold(a);
    const newer = await nodes.join(last, nodes.editor, scene, { session: a.session });
    expect((await a.ended).code).toBe(4409);
    newer.say({ t: 'lock.acquire', h: newer.h });
    expect((await newer.next('lock.ok')).f).toBe(f);
    expect(b.all('lk').filter(({ holder }) => holder === null)).toEqual([]);
    await over(newer, b);
  });

  it('frees the lock of who does not come back', async () => {
    const { a, b } = await pair();
    const f = await hold(a);
    await b.next('lk', (lk) => lk.holder === a.session);
    a.socket.terminate();
    await b.next('pr', (pr) => pr.session === a.session && pr.state === 'reconnecting');
    await nodes.lapse();
    await b.next('lk', (lk) => lk.holder === null && lk.f === f);
    expect(await hold(b)).toBeGreaterThan(f);
    await b.close();
  });

  it('frees at once what somebody who leaves has held', async () => {
    const { a, b, plugin } = await pair();
    const f = await hold(a);
    a.say({ t: 'pf', h: a.h, f, n: 1, v: [0, 7] });
    await a.close();
    await b.next('lk', (lk) => lk.holder === null && lk.f === f);
    await b.next('pr.gone', ({ session }) => session === a.session);
    expect((await nodes.params(plugin)).gain).toBe(7);
    await b.close();
  });

  it('shows who is there and where they look', async () => {
    const { a, b, scene } = await pair();
    const focus = { trackId: scene.trackId, pluginId: null, paramId: null };
    a.say({ t: 'look', focus });
    const seen = await b.next('pr', (pr) => pr.session === a.session && pr.focus.trackId !== null);
    expect(seen).toMatchObject({ userId: nodes.editor.userId, role: 'editor', color: 1, focus });
    expect(b.welcome.presence.find(({ session }) => session === b.session)).toMatchObject({
      role: 'owner',
      color: 0,
      state: 'here',
    });
    await over(a, b);
  });

  it('refuses clients, strangers, other versions and other people’s tokens', async () => {
    const { a, b, scene, first } = await pair();
    const stranger = await nodes.server.signUp();
    const { projectId } = scene;
    const attempt = async (who: typeof stranger, more: object = {}) => {
      const socket = await openSocket(first);
      const token = who.session?.access_token;
      const { session } = socket;
      const hello = { t: 'hello', v: 1, token, projectId, session, epoch: 1, lastSeq: -1, ...more };
      socket.say(hello);
      return (await socket.ended).code;
    };
    expect(await attempt(nodes.client)).toBe(4403);
    expect(await attempt(stranger)).toBe(4404);
    expect(await attempt(stranger, { projectId: crypto.randomUUID() })).toBe(4404);
    expect(await attempt(nodes.owner, { v: 2 })).toBe(4426);
    expect(await attempt(nodes.owner, { token: 'x.y.z' })).toBe(4401);
    // Somebody else's session is of no use.
    await hold(a);
    expect(await attempt(nodes.owner, { session: a.session })).toBe(4403);
    b.say({ t: 'token', token: nodes.editor.session?.access_token });
    expect((await b.ended).code).toBe(4401);
    await a.close();
  });
});

it('writes and says goodbye when it stops; another node goes on', async () => {
  await using nodes = await startNodes(2);
  const scene = await nodes.scene();
  const [first, last] = nodes.apps as [never, never];
  const a = await nodes.join(last, nodes.editor, scene);
  const b = await nodes.join(first, nodes.owner, scene);
  const f = await hold(a);
  a.say({ t: 'pf', h: a.h, f, n: 1, v: [0, 1] });
  a.say({ t: 'pf', h: a.h, f, n: 2, v: [0, 2] });
  a.say({ t: 'ping', ts: 1 });
  await a.next('pong');
  await (nodes.apps[1] as (typeof nodes.apps)[number]).close();
  expect((await a.ended).code).toBe(1001);
  expect((await nodes.params(scene.pluginIds[0])).gain).toBe(2);
  const again = await nodes.join(first, nodes.editor, scene, { session: a.session });
  again.say({ t: 'lock.acquire', h: again.h });
  expect(await again.next('lock.ok')).toMatchObject({ f, n: 2 });
  await Promise.all([again.close(), b.close()]);
});
