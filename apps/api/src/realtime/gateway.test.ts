import { describe, expect, it } from 'vitest';
import { PLUGIN_IDS, TRACK_ID } from '../testing/fake-project.ts';
import { ANA, BEN, createFakeRoom, EVE, type FakeClient } from '../testing/fake-room.ts';

type FakeRoom = ReturnType<typeof createFakeRoom>;

const pf = (client: FakeClient, f: number, n: number, gain: number, fin = false) =>
  client.say({ t: 'pf', h: 0, f, n, v: [0, gain], ...(fin && { fin: 1 as const }) });
const writes = ({ calls }: FakeRoom) => calls.filter((call) => call === 'writeParams').length;

/** Ana and Ben at one node. */
async function pair(o: Parameters<typeof createFakeRoom>[0] = {}) {
  const room = createFakeRoom(o);
  const node = room.node('one');
  const ana = await room.join(node, ANA);
  const ben = await room.join(node, BEN);
  return { room, node, ana, ben };
}
/** Ana and Ben at two nodes. */
async function apart() {
  const room = createFakeRoom();
  const nodes = [room.node('one'), room.node('two')] as const;
  const ana = await room.join(nodes[0], ANA);
  const ben = await room.join(nodes[1], BEN);
  await room.pass(100);
  return { room, nodes, ana, ben };
}

describe('values on their way', () => {
  it('go out once in 40 ms, of each parameter the latest, and not back to the hand', async () => {
    const { room, ana, ben } = await pair();
    const f = await room.hold(ana);
    await room.pass(100);
    pf(ana, f, 1, 1);
    await room.pass(10);
    for (let n = 2; n <= 4; n++) pf(ana, f, n, n);
    ana.say({ t: 'pf', h: 0, f, n: 5, v: [1, 7] });
    await room.pass(25);
    expect(ben.all('pf').map(({ e }) => e)).toEqual([[{ h: 0, f, n: 1, v: [0, 1] }]]);
    await room.pass(40);
    expect(ben.all('pf')[1]?.e).toEqual([{ h: 0, f, n: 5, v: [0, 4, 1, 7] }]);
    expect(ana.all('pf')).toEqual([]);
    const { length } = ben.all('pf');
    await room.pass(1000);
    expect(ben.all('pf')).toHaveLength(length);
  });

  it('reach one who moves something else without their own', async () => {
    const { room, ana, ben } = await pair();
    const fa = await room.hold(ana, 0);
    const fb = await room.hold(ben, 1);
    await room.pass(100);
    pf(ana, fa, 1, 3);
    ben.say({ t: 'pf', h: 1, f: fb, n: 1, v: [0, 4] });
    await room.pass(50);
    expect(ana.last('pf')?.e).toEqual([{ h: 1, f: fb, n: 1, v: [0, 4] }]);
    expect(ben.last('pf')?.e).toEqual([{ h: 0, f: fa, n: 1, v: [0, 3] }]);
    expect(ana.last('pf')?.k).toBe(ben.last('pf')?.k);
  });

  it('of another node are shown as they come, whatever the phase of its ticks', async () => {
    const { room, ana, ben } = await apart();
    const f = await room.hold(ana);
    for (const phase of [0, 7, 20, 33]) {
      const { length } = ben.all('pf');
      await room.pass(200 + ((phase - room.clock.now()) % 40));
      for (let n = 1; n <= 10; n++) {
        pf(ana, f, phase * 100 + n, n);
        await room.pass(5);
        expect(ben.all('pf')).toHaveLength(length + n);
        await room.pass(35);
      }
    }
  });

  it('let the network know that a hand moves, and only they', async () => {
    const { room, ana, ben } = await pair();
    const f = await room.hold(ana);
    ana.say({ t: 'ping' });
    for (let n = 1; n <= 3; n++) pf(ana, f, n, n);
    expect([ana.moves(), ben.moves()]).toEqual([3, 0]);
    // Whoever is in no room has none to wait for.
    const nobody = room.open(room.node('three'));
    pf(nobody, f, 4, 4);
    expect(nobody.moves()).toBe(0);
    expect(nobody.code()).toBe(4400);
  });

  it('are written at most every 250 ms, and at once when the hand is off', async () => {
    const { room, ana } = await pair();
    const f = await room.hold(ana);
    const before = writes(room);
    for (let n = 1; n <= 25; n++) {
      pf(ana, f, n, n);
      await room.pass(40);
    }
    const during = writes(room) - before;
    expect(during).toBeGreaterThanOrEqual(3);
    expect(during).toBeLessThanOrEqual(5);
    pf(ana, f, 26, 99, true);
    await room.pass(10);
    expect(ana.last('ack')).toMatchObject({ n: 26 });
    expect(room.value()).toBe(99);
  });

  it('are told of shortly to those who had them, and wholly to those who had not', async () => {
    const { room, nodes, ana, ben } = await apart();
    const f = await room.hold(ana);
    pf(ana, f, 1, 1, true);
    await room.pass(60);
    for (const client of [ana, ben]) expect(client.last('po')).toMatchObject({ h: 0, f, n: 1 });
    room.lost.add('frames');
    pf(ana, f, 2, 2, true);
    await room.pass(60);
    expect(ana.last('po')).toMatchObject({ n: 2 });
    expect(ben.all('po')).toHaveLength(1);
    expect(ben.last('op')?.payload).toMatchObject({ patch: { params: { gain: 2 } }, n: 2 });
    // One frame lost among those that one write holds.
    room.away.add('writeParams');
    pf(ana, f, 3, 3);
    await room.pass(60);
    room.lost.clear();
    pf(ana, f, 4, 4, true);
    await room.pass(60);
    room.away.clear();
    await room.pass(2000);
    expect(ben.all('po')).toHaveLength(1);
    expect(room.value()).toBe(4);
    expect(ben.last('op')?.payload).toMatchObject({ patch: { params: { gain: 4 } } });
    expect(nodes).toHaveLength(2);
  });

  it('that are not written yet are shown to who comes', async () => {
    const { room, node, ana } = await pair();
    const f = await room.hold(ana);
    room.away.add('writeParams');
    for (let n = 1; n <= 3; n++) pf(ana, f, n, n * 10);
    const late = await room.join(node, BEN);
    const [welcome] = late.all('welcome');
    expect(welcome?.live.at(-1)).toMatchObject({ h: 0, f, n: 3 });
    expect(welcome?.live.flatMap(({ v }) => v).at(-1)).toBe(30);
    room.away.clear();
    await room.pass(1500);
    expect(late.all('po').at(-1)).toMatchObject({ n: 3 });
  });
});

describe('while the database is away', () => {
  it('a write is tried again under its id, and acknowledged once it is there', async () => {
    const { room, ana } = await pair();
    const f = await room.hold(ana);
    room.away.add('writeParams');
    pf(ana, f, 1, 5, true);
    await room.pass(3000);
    expect(ana.all('ack')).toEqual([]);
    expect(ana.all('nack')).toEqual([]);
    room.away.clear();
    await room.pass(1500);
    expect(ana.all('ack')).toMatchObject([{ n: 1 }]);
    expect(room.memory.log().filter(({ kind }) => kind === 'plugin.params')).toHaveLength(1);
  });

  it('frames wait for the renewal where it is not sure that the lease runs', async () => {
    const { room, ana, ben } = await pair();
    const f = await room.hold(ana);
    // The last renewal at 1 s is trusted until 11.5 s; by the database's clock the lease runs until 13 s.
    await room.pass(3900);
    room.away.add('renew');
    await room.pass(11_700 - room.clock.now());
    pf(ana, f, 1, 8);
    pf(ana, f, 2, 9, true);
    await room.pass(150);
    expect(ben.all('pf')).toEqual([]);
    expect([...ana.all('ack'), ...ana.all('nack')]).toEqual([]);
    room.away.clear();
    await room.pass(1000);
    expect(ana.last('ack')).toMatchObject({ n: 2 });
    expect(ana.all('nack')).toEqual([]);
    expect(room.value()).toBe(9);
  });

  it('a lease that has run out is not trusted, whatever the node believes', async () => {
    const { room, ana } = await pair();
    const f = await room.hold(ana);
    room.away.add('renew').add('sweep').add('locks');
    await room.pass(14_000);
    pf(ana, f, 1, 8, true);
    await room.pass(100);
    expect(room.value()).toBe(0);
    room.away.clear();
    await room.pass(2000);
    expect(ana.all('nack')).toMatchObject([{ n: 1, code: 'stale_fence' }]);
    expect(room.value()).toBe(0);
  });

  it('nobody gets in, and comes again', async () => {
    const { room, node } = await pair();
    room.away.add('standing');
    expect((await room.join(node, BEN)).code()).toBe(4503);
  });
});

describe('a lock', () => {
  it('is renewed while its session is here, and goes back after a minute without edits', async () => {
    const { room, ana } = await pair();
    const f = await room.hold(ana);
    await room.pass(50_000);
    expect(room.memory.heldLocks()).toHaveLength(1);
    pf(ana, f, 1, 1, true);
    await room.pass(50_000);
    expect(room.memory.heldLocks()).toHaveLength(1);
    await room.pass(12_000);
    expect(room.memory.heldLocks()).toEqual([]);
    expect(ana.last('lk')).toMatchObject({ h: 0, f, holder: null });
  });

  it('outlives a broken connection by its lease, and not more', async () => {
    const { room, ana, ben } = await pair();
    const f = await room.hold(ana);
    pf(ana, f, 1, 6);
    ana.end(false);
    await room.pass(100);
    expect(room.value()).toBe(6);
    expect(ben.last('pr')).toMatchObject({ session: ana.session, state: 'reconnecting' });
    await room.pass(7000);
    expect(ben.last('lk')).toMatchObject({ holder: ana.session });
    await room.pass(7000);
    expect(ben.last('lk')).toMatchObject({ f, holder: null });
    expect(ben.last('pr.gone')).toMatchObject({ session: ana.session });
  });

  it('goes to who asked when its holder does not answer and is idle', async () => {
    const { room, ana, ben } = await apart();
    await room.hold(ana);
    ben.say({ t: 'lock.request', h: 0 });
    await room.pass(9500);
    expect(ana.last('lock.asked')).toMatchObject({ h: 0, session: ben.session, ms: 10_000 });
    expect(ben.last('lock.ok')).toBeUndefined();
    await room.pass(700);
    expect(ben.last('lock.ok')).toMatchObject({ h: 0 });
    expect(ana.last('lk')).toMatchObject({ holder: ben.session });
  });

  it('stays with a holder who does not answer and is at work', async () => {
    const { room, ana, ben } = await apart();
    const f = await room.hold(ana);
    ben.say({ t: 'lock.request', h: 0 });
    for (let n = 1; n <= 10; n++) {
      await room.pass(1100);
      pf(ana, f, n, n);
    }
    expect(ben.last('lock.kept')).toMatchObject({ h: 0 });
    expect(ben.last('lock.ok')).toBeUndefined();
  });

  it('answers who asked also when the holder’s node has died', async () => {
    const { room, ana, ben } = await apart();
    await room.hold(ana);
    await room.pass(100);
    room.cut.add('one');
    ana.end(false);
    ben.say({ t: 'lock.request', h: 0 });
    await room.pass(14_500);
    expect(ben.last('lock.ok')).toMatchObject({ h: 0 });
  });

  it('is forced also when the holder’s node does not answer; what comes after is refused', async () => {
    const { room, ana, ben } = await apart();
    const f = await room.hold(ben);
    await room.pass(50);
    room.lost.add('flush');
    ana.say({ t: 'lock.force', h: 0 });
    await room.pass(1400);
    expect(ana.last('lock.ok')).toBeUndefined();
    await room.pass(300);
    expect(ana.last('lock.ok')?.f).toBeGreaterThan(f);
    pf(ben, f, 1, 50, true);
    await room.pass(100);
    expect(ben.last('nack')).toMatchObject({ n: 1, code: 'stale_fence' });
    expect(room.value()).toBe(0);
  });

  it('is taken away by an admin, who cannot edit: then it is free', async () => {
    const { room, node, ana, ben } = await pair();
    const f = await room.hold(ben);
    const eve = await room.join(node, EVE);
    eve.say({ t: 'lock.acquire', h: 0 });
    eve.say({ t: 'pf', h: 0, f, n: 1, v: [0, 1] });
    const opId = crypto.randomUUID();
    eve.say({ t: 'op', opId, kind: 'track.remove', payload: { trackId: TRACK_ID } });
    await room.pass(50);
    expect(eve.last('lock.err')).toMatchObject({ code: 'forbidden' });
    expect(eve.last('nack')).toMatchObject({ code: 'not_held' });
    expect(eve.last('op.err')).toMatchObject({ opId, code: 'forbidden' });
    eve.say({ t: 'lock.force', h: 0 });
    await room.pass(50);
    expect(ana.last('lk')).toMatchObject({ holder: null });
    expect(ana.last('lk')?.f).toBeGreaterThan(f);
    expect(await room.hold(ana)).toBeGreaterThan(f);
  });

  it('of a page that was loaded anew goes on where the log is', async () => {
    const { room, node, ana } = await pair();
    const f = await room.hold(ana);
    for (let n = 1; n <= 3; n++) pf(ana, f, n, n);
    const again = await room.join(node, ANA, { session: ana.session });
    expect(ana.code()).toBe(4409);
    again.say({ t: 'lock.acquire', h: 0 });
    await room.pass(50);
    expect(again.last('lock.ok')).toMatchObject({ f, n: 3 });
    pf(again, f, 4, 40, true);
    await room.pass(50);
    expect(room.value()).toBe(40);
  });
});

describe('a node', () => {
  it('says where the log is and who holds what, every two seconds', async () => {
    const { room, ana, ben } = await pair();
    const f = await room.hold(ana);
    pf(ana, f, 1, 1, true);
    await room.pass(4000);
    const beats = ben.all('hb').slice(-2);
    for (const beat of beats) {
      const user = ANA.identity.userId;
      expect(beat).toEqual({ t: 'hb', seq: 1, locks: [{ h: 0, f, holder: ana.session, user }] });
    }
    expect(beats).toHaveLength(2);
  });

  it('finds what nobody has told it', async () => {
    const { room, ana, ben } = await apart();
    for (const kind of ['ops', 'lock', 'frames'] as const) room.lost.add(kind);
    const f = await room.hold(ana);
    pf(ana, f, 1, 33, true);
    await room.pass(1600);
    expect(ben.last('op')?.payload).toMatchObject({ patch: { params: { gain: 33 } } });
    await room.pass(6000);
    expect(ben.last('lk')).toMatchObject({ f, holder: ana.session });
  });

  it('sends everybody for a snapshot when the log does not reach back to it', async () => {
    const { room, nodes, ana, ben } = await apart();
    room.cut.add('two');
    const f = await room.hold(ana);
    room.away.add('operations');
    for (let n = 1; n <= 3; n++) {
      pf(ana, f, n, n, true);
      await room.pass(20);
    }
    room.memory.forget(1);
    room.away.clear();
    await room.pass(1600);
    expect(ben.code()).toBe(4503);
    const again = await room.join(nodes[1], BEN, { lastSeq: 0 });
    expect(again.last('welcome')).toMatchObject({ mode: 'snapshot', seq: 3 });
  });

  it('writes what it has, and says goodbye', async () => {
    const { room, node, ana, ben } = await pair();
    const f = await room.hold(ana);
    pf(ana, f, 1, 1);
    await room.pass(10);
    pf(ana, f, 2, 2);
    const closed = node.close();
    await room.pass(50);
    await closed;
    expect(room.value()).toBe(2);
    expect([ana.code(), ben.code()]).toEqual([1001, 1001]);
    expect(node.stats()).toEqual({ sockets: 0, halfOpen: 0, rooms: 0, holds: 0 });
    expect(room.open(node).code()).toBe(1001);
    await room.pass(5000);
    expect(room.clock.pending()).toBe(0);
  });

  it('lets go of rooms that nobody needs', async () => {
    const { room, node, ana, ben } = await pair();
    await room.hold(ana);
    ana.end(true);
    ben.end(true);
    await room.pass(2000);
    expect(node.stats()).toEqual({ sockets: 0, halfOpen: 0, rooms: 0, holds: 0 });
  });
});

describe('a connection', () => {
  it('has five seconds to say hello', async () => {
    const { room, node } = await pair();
    const silent = room.open(node);
    await room.pass(4900);
    expect(silent.code()).toBeNull();
    expect(node.stats().halfOpen).toBe(1);
    await room.pass(200);
    expect(silent.code()).toBe(4408);
    expect(node.stats().halfOpen).toBe(0);
  });

  it('may ask for a sign of life at any time, and give one', async () => {
    const { room, ana } = await pair();
    for (const text of ['{"t":"ping"}', '{"t":"pong"}', '{"t":"pong","ts":1}']) ana.say(text);
    ana.say({ t: 'ping', ts: 7 });
    await room.pass(1);
    expect(ana.all('pong')).toEqual([{ t: 'pong' }, { t: 'pong', ts: 7 }]);
    expect(ana.code()).toBeNull();
  });

  it('that says nothing makes room for who comes', async () => {
    const { room, node } = await pair({ limits: { halfOpenPerAddress: 3, halfOpen: 3 } });
    const silent = Array.from({ length: 5 }, () => room.open(node));
    expect(silent.map(({ code }) => code())).toEqual([4429, 4429, null, null, null]);
    expect(node.stats().halfOpen).toBe(3);
    const late = await room.join(node, BEN);
    expect([late.code(), silent[2]?.code()]).toEqual([null, 4429]);
    expect(node.stats().halfOpen).toBe(2);
  });

  it('that is about to come in is not sent away for another one', async () => {
    const { room, node } = await pair({ limits: { halfOpenPerAddress: 1 } });
    const early = room.join(node, BEN);
    const next = room.open(node);
    expect(next.code()).toBe(4429);
    expect((await early).code()).toBeNull();
  });

  it('ends with its token, unless a newer one has come', async () => {
    const until = (seconds: number) => ({
      ...ANA.identity,
      claims: { ...ANA.identity.claims, exp: seconds },
    });
    const verify = async (token: string) => (token === 'newer' ? until(60) : until(10));
    const { room, ana, ben } = await pair({ verify });
    ana.say({ t: 'token', token: 'newer' });
    await room.pass(10_000);
    expect(ben.code()).toBe(4401);
    expect(ana.code()).toBeNull();
    await room.pass(51_000);
    expect(ana.code()).toBe(4401);
  });

  it('that does not take what it is told is closed, and nobody else notices', async () => {
    const { room, node, ana, ben } = await pair();
    const slow = await room.join(node, BEN);
    const f = await room.hold(ana);
    slow.buffer(3 * 1024 * 1024);
    pf(ana, f, 1, 1, true);
    await room.pass(50);
    expect(slow.code()).toBe(4430);
    expect(ben.last('po')).toMatchObject({ n: 1 });
    expect(ana.last('ack')).toMatchObject({ n: 1 });
  });

  it.each([
    ['messages', { messages: { perSecond: 1, burst: 20 } }],
    ['messages of one account', { userMessages: { perSecond: 1, burst: 20 } }],
    ['characters', { characters: { perSecond: 1, burst: 1200 } }],
    ['heavy messages', { heavy: { perSecond: 1, burst: 20 } }],
  ])('may not send more %s than it should', async (_, limits) => {
    const { room, ana, ben } = await pair({ limits });
    for (let i = 0; i < 60; i++) ana.say({ t: 'lock.acquire', h: 99 });
    expect(ana.code()).toBe(4429);
    await room.pass(10);
    expect(ben.code()).toBeNull();
  });

  it('is one of so many of an account', async () => {
    const { room, node } = await pair({ limits: { socketsPerUser: 3 } });
    const more = [
      await room.join(node, ANA),
      await room.join(node, ANA),
      await room.join(node, ANA),
    ];
    expect(more.map((client) => client.code())).toEqual([null, null, 4429]);
    more[0]?.end(true);
    expect((await room.join(node, ANA)).code()).toBeNull();
  });

  it('hears of a new role, and ends with the right to be there', async () => {
    const { room, node, ana, ben } = await pair();
    const f = await room.hold(ben);
    const { userId } = BEN.identity;
    const change = async (role: 'owner' | 'client' | null) => {
      room.memory.setMember(userId, role);
      room.announce({ kind: 'access', userId });
      await room.pass(50);
    };
    await change('owner');
    expect(ben.all('role')).toEqual([{ t: 'role', role: 'owner' }]);
    expect(ana.last('pr')).toMatchObject({ session: ben.session, role: 'owner' });
    expect(ben.code()).toBeNull();
    await change('client');
    expect(ben.code()).toBe(4403);
    expect(ana.last('lk')).toMatchObject({ f, holder: null });
    expect(ana.last('pr.gone')).toMatchObject({ session: ben.session });
    expect((await room.join(node, BEN)).code()).toBe(4403);
    await change(null);
    expect((await room.join(node, BEN)).code()).toBe(4404);
    expect(ana.code()).toBeNull();
  });

  it('comes after the values of the same hand with its edits', async () => {
    const { room, ana } = await pair();
    const f = await room.hold(ana);
    pf(ana, f, 1, 1);
    await room.pass(10);
    pf(ana, f, 2, 2);
    const opId = crypto.randomUUID();
    const payload = { pluginId: PLUGIN_IDS[0], params: { gain: 50 } };
    ana.say({ t: 'op', opId, kind: 'plugin.update', payload, f });
    await room.pass(100);
    expect(ana.last('op.ok')).toMatchObject({ opId });
    expect(room.value()).toBe(50);
    await room.pass(1000);
    expect(room.value()).toBe(50);
  });
});
