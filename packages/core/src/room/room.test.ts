import { RefusedError } from '@mixdown/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../../tests/support/virtual-clock.ts';
import { RoomNotLive } from './room.ts';
import {
  ANA,
  anna,
  ME,
  PLUGIN,
  PROJECT,
  paramsOp,
  scriptedRoom,
  slotOf,
  TRACK,
} from './testing/scripted-gateway.ts';

let clock: VirtualClock;
let to: ReturnType<typeof scriptedRoom>;
beforeEach(() => {
  clock = createVirtualClock();
  to = scriptedRoom(clock);
});

const final = { final: true };
const moving = { final: false };
const ok = (f: number, n = 0) => ({ t: 'lock.ok', h: 0, f, ttlMs: 12_000, n }) as const;
const lk = (f: number, holder: string | null) =>
  ({ t: 'lk', h: 0, f, holder, user: holder && anna.userId }) as const;
const pf = (f: number, n: number, ...v: number[]) =>
  ({ t: 'pf', k: 1, e: [{ h: 0, f, n, v }] }) as const;
const frames = () => to.said().filter((m) => m.t === 'pf');

/** Joined, and holding the plugin under fence 1. */
async function holding(): Promise<void> {
  await to.join();
  to.room.acquire(PLUGIN);
  to.say(ok(1));
  to.said();
}

describe('sending', () => {
  it('takes the lock at the first touch, and frames wait for it', async () => {
    await to.join();
    to.room.setParams(PLUGIN, { x: 5.4 }, moving);
    to.room.setParams(PLUGIN, { x: 6.4 }, moving);
    expect(to.said()).toEqual([{ t: 'lock.acquire', h: 0 }]);
    clock.advance(200);
    expect(to.said()).toEqual([]);
    to.say(ok(1));
    expect(frames()).toMatchObject([{ h: 0, f: 1, n: 1, v: [0, 6] }]);
  });

  it('sends one frame per 40 ms with the latest values, and the last one at once as final', async () => {
    await holding();
    for (let at = 0; at < 10; at += 1) {
      to.room.setParams(PLUGIN, { x: 100 + at, y: 200 + at }, moving);
      clock.advance(10);
    }
    to.room.setParams(PLUGIN, { x: 150 }, final);
    const sent = frames();
    expect(sent.map((f) => [f.n, f.v, f.fin])).toEqual([
      [1, [0, 100, 1, 200], undefined],
      [2, [0, 103, 1, 203], undefined],
      [3, [0, 107, 1, 207], undefined],
      [4, [0, 150, 1, 209], 1],
    ]);
  });

  it('sends what was set between two ticks at the next, without another touch', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 10 }, moving);
    to.room.setParams(PLUGIN, { x: 11 }, moving);
    clock.advance(40);
    expect(frames().map((f) => f.v)).toEqual([
      [0, 10],
      [0, 11],
    ]);
  });

  it('sends nothing, and takes no lock, for what stands there already', async () => {
    await to.join();
    to.room.setParams(PLUGIN, { x: 1.2, y: 2 }, final);
    clock.advance(1000);
    expect(to.said()).toEqual([]);
  });

  it('counts what is not stored, and clears it with the log', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 10, y: 20 }, final);
    expect(to.took('unsaved').at(-1)).toEqual([2]);
    to.say({ t: 'ack', h: 0, f: 1, n: 1, seq: 11 });
    expect(to.took('unsaved').at(-1)).toEqual([0]);
    expect(to.room.visible(PLUGIN)).toMatchObject({ x: 10, y: 20 });
    to.say({ t: 'po', seq: 11, h: 0, f: 1, n: 1 });
    expect(to.took('operation')).toMatchObject([
      [{ seq: 11, kind: 'plugin.params', payload: { patch: { params: { x: 10, y: 20 } }, n: 1 } }],
    ]);
    expect(to.took('values')).toEqual([]);
    expect(to.room.seq()).toBe(11);
  });

  it('keeps a bounded number of frames while nothing is acknowledged, and then the latest values', async () => {
    await holding();
    for (let at = 0; at < 500; at += 1) {
      to.room.setParams(PLUGIN, { x: at + 2 }, moving);
      clock.advance(40);
      to.say({ t: 'pong', ts: 0 });
    }
    const sent = frames();
    expect(sent).toHaveLength(100);
    to.say({ t: 'ack', h: 0, f: 1, n: 100, seq: 10 });
    expect(frames().map((f) => f.v)).toEqual([[0, 501]]);
  });

  it('gives the lock back after a minute without edits, and on request after what is under way', async () => {
    await holding();
    for (let at = 0; at < 59; at += 1) {
      clock.advance(1000);
      to.say({ t: 'pong', ts: 0 });
    }
    expect(to.said()).toEqual([]);
    clock.advance(1000);
    expect(to.said()).toEqual([{ t: 'lock.release', h: 0, f: 1 }]);
    to.say(lk(1, null));
    to.room.setParams(PLUGIN, { x: 7 }, moving);
    to.say(ok(2));
    to.room.setParams(PLUGIN, { x: 8 }, moving);
    to.room.release(PLUGIN);
    expect(to.said()).toMatchObject([
      { t: 'lock.acquire' },
      { t: 'pf', n: 1, v: [0, 7] },
      { t: 'pf', n: 2, v: [0, 8], fin: 1 },
      { t: 'lock.release', f: 2 },
    ]);
  });
});

describe('a lock that is not to be had', () => {
  it('takes the values back and says whose it is', async () => {
    await to.join({ presence: [anna] });
    to.room.setParams(PLUGIN, { x: 50 }, final);
    expect(to.room.visible(PLUGIN).x).toBe(50);
    to.say({ t: 'lock.busy', h: 0, f: 4, holder: ANA, user: anna.userId, ttlMs: 9000 });
    expect(to.room.visible(PLUGIN).x).toBe(1);
    expect(to.took('values')).toEqual([[PLUGIN, { x: 1 }, 'reverted']]);
    expect(to.took('dropped')).toEqual([
      [{ pluginId: PLUGIN, params: { x: 50 }, why: 'locked', holder: anna }],
    ]);
    expect(to.room.locks().get(PLUGIN)).toMatchObject({ mine: false, holder: ANA, fence: 4 });
    expect(to.took('unsaved').at(-1)).toEqual([0]);
  });

  it('that is taken away drops what is not stored, and says so', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 50 }, final);
    to.say({ t: 'ack', h: 0, f: 1, n: 1, seq: 11 });
    to.room.setParams(PLUGIN, { y: 60 }, final);
    to.say(lk(2, ANA));
    expect(to.took('dropped')).toMatchObject([[{ params: { y: 60 }, why: 'lost_lock' }]]);
    expect(to.room.visible(PLUGIN)).toMatchObject({ x: 50, y: 2 });
  });

  it('that lapses with nobody taking it is taken again, and the values go under the new fence', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 50 }, final);
    to.say({ t: 'nack', h: 0, f: 1, n: 1, code: 'stale_fence' });
    expect(to.said()).toMatchObject([{ t: 'pf', f: 1 }, { t: 'lock.acquire' }]);
    to.say(ok(2));
    expect(frames()).toMatchObject([{ f: 2, n: 1, v: [0, 50] }]);
    expect(to.took('dropped')).toEqual([]);
  });

  it('an invalid frame is taken back', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 50 }, final);
    to.say({ t: 'nack', h: 0, f: 1, n: 1, code: 'invalid' });
    expect(to.took('dropped')).toMatchObject([[{ params: { x: 50 }, why: 'invalid' }]]);
    expect(to.room.visible(PLUGIN).x).toBe(1);
  });
});

describe('what others do', () => {
  it('shows live values under the highest fence alone, and drops them with the lock', async () => {
    await to.join();
    to.say(lk(3, ANA));
    to.say(pf(3, 1, 0, 30));
    to.say(pf(2, 9, 0, 29));
    expect(to.room.visible(PLUGIN).x).toBe(30);
    to.say(lk(3, null));
    expect(to.room.visible(PLUGIN).x).toBe(1);
    expect(to.took('values').map(([, params, cause]) => [params, cause])).toEqual([
      [{ x: 30 }, 'remote'],
      [{ x: 1 }, 'reverted'],
    ]);
  });

  it('folds the frames up to n into what is durable, and keeps later ones above it', async () => {
    await to.join();
    to.say(pf(3, 1, 0, 30, 1, 31));
    to.say(pf(3, 2, 0, 40));
    to.say({ t: 'po', seq: 11, h: 0, f: 3, n: 1 });
    expect(to.took('operation')).toMatchObject([
      [{ seq: 11, payload: { patch: { params: { x: 30, y: 31 } }, fence: 3, n: 1 } }],
    ]);
    expect(to.room.visible(PLUGIN)).toMatchObject({ x: 40, y: 31 });
  });

  it('asks again where it cannot know what a compact operation means', async () => {
    await to.join();
    to.say(pf(3, 3, 0, 30));
    to.sockets.at(-1)?.said.splice(0);
    to.say({ t: 'po', seq: 11, h: 0, f: 3, n: 2 });
    expect(to.current().said).toMatchObject([{ t: 'hello', lastSeq: 10 }]);
    expect(to.took('operation')).toEqual([]);
  });

  it('never moves a value under this hand', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 50 }, moving);
    clock.advance(40);
    to.room.setParams(PLUGIN, { x: 60 }, moving);
    to.say({ t: 'op', ...paramsOp(11, { x: 50 }, { fence: 1, n: 1 }) });
    to.say({ t: 'op', ...paramsOp(12, { x: 5 }) });
    expect(to.room.visible(PLUGIN).x).toBe(60);
    expect(to.took('values')).toEqual([]);
  });

  it('tells which parameters are moving, until they rest for 300 ms', async () => {
    await to.join();
    to.say(pf(3, 1, 0, 30));
    clock.advance(200);
    to.say(pf(3, 2, 1, 30));
    clock.advance(150);
    clock.advance(300);
    expect(to.took('moving')).toEqual([
      [PLUGIN, ['x']],
      [PLUGIN, ['x', 'y']],
      [PLUGIN, ['y']],
      [PLUGIN, []],
    ]);
  });

  it('keeps a list of who is there', async () => {
    await to.join({ presence: [anna] });
    to.say({ t: 'pr', ...anna, state: 'reconnecting' });
    to.say({ t: 'pr.gone', session: ANA });
    expect(to.took('presence')).toEqual([[[anna]], [[{ ...anna, state: 'reconnecting' }]], [[]]]);
  });

  it('passes on who asks for the lock, and the answer', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 50 }, moving);
    to.room.setParams(PLUGIN, { x: 60 }, moving);
    to.say({ t: 'lock.asked', h: 0, session: ANA, name: 'Ana', ms: 10_000 });
    expect(to.took('asked')).toEqual([[PLUGIN, { session: ANA, name: 'Ana' }, 10_000]]);
    to.said();
    to.room.answer(PLUGIN, ANA, true);
    expect(to.said()).toMatchObject([
      { t: 'pf', v: [0, 60], fin: 1 },
      { t: 'lock.answer', h: 0, session: ANA, allow: true },
    ]);
  });
});

describe('the log', () => {
  it('takes each operation once and in order, and says hello again at a gap', async () => {
    await to.join();
    to.say({ t: 'op', ...paramsOp(11, { x: 11 }) });
    to.say({ t: 'op', ...paramsOp(11, { x: 99 }) });
    to.current().said.splice(0);
    to.say({ t: 'op', ...paramsOp(13, { x: 13 }) });
    expect(to.current().said).toMatchObject([{ t: 'hello', lastSeq: 11, epoch: 1 }]);
    to.say({ t: 'op', ...paramsOp(14, { x: 14 }) });
    expect(to.room.visible(PLUGIN).x).toBe(11);
    to.say({
      t: 'welcome',
      epoch: 1,
      seq: 14,
      role: 'editor',
      mode: 'resume',
      ops: [12, 13, 14].map((seq) => paramsOp(seq, { x: seq })),
      plugins: [{ h: 0, id: PLUGIN, k: 'a' }],
      params: { a: ['x', 'y', 'z'] },
      locks: [],
      presence: [],
      live: [],
      tickMs: 40,
    });
    expect(to.took('operation').map(([op]) => (op as { seq: number }).seq)).toEqual([
      11, 12, 13, 14,
    ]);
    expect(to.room.visible(PLUGIN).x).toBe(14);
  });

  it('repairs a lost tail and a lost lock message by the heartbeat', async () => {
    await to.join();
    to.say(lk(3, ANA));
    to.say({ t: 'hb', seq: 10, locks: [] });
    expect(to.room.locks().size).toBe(0);
    to.say({ t: 'hb', seq: 10, locks: [{ h: 0, f: 4, holder: ANA, user: anna.userId }] });
    expect(to.room.locks().get(PLUGIN)).toMatchObject({ holder: ANA, fence: 4 });
    to.current().said.splice(0);
    to.say({ t: 'hb', seq: 12, locks: [] });
    expect(to.current().said).toMatchObject([{ t: 'hello', lastSeq: 10 }]);
  });

  it('asks for the lock again where the answer has not come by the heartbeat', async () => {
    await to.join();
    to.room.setParams(PLUGIN, { x: 10 }, final);
    to.said();
    to.say({ t: 'hb', seq: 10, locks: [] });
    expect(to.said()).toEqual([]);
    clock.advance(3001);
    to.say({ t: 'hb', seq: 10, locks: [] });
    expect(to.said()).toEqual([{ t: 'lock.acquire', h: 0 }]);
  });

  it('lets go of live values that no operation has confirmed for longer than a lease', async () => {
    await to.join();
    to.say(lk(3, ANA));
    to.say(pf(3, 1, 0, 30));
    const locks = [{ h: 0, f: 3, holder: ANA, user: anna.userId }];
    for (let at = 0; at < 8; at += 1) {
      clock.advance(2000);
      to.say({ t: 'hb', seq: 10, locks });
    }
    expect(to.room.visible(PLUGIN).x).toBe(1);
  });

  it('does not show live values that come later than what became of them', async () => {
    await to.join();
    to.say({ t: 'op', ...paramsOp(11, { x: 40 }, { fence: 3, n: 5 }) });
    to.say(pf(3, 4, 0, 39));
    expect(to.room.visible(PLUGIN).x).toBe(40);
  });

  it('forgets what was set on a plugin that never came, and says so', async () => {
    await to.join();
    to.room.setParams('00000000-0000-4000-8000-000000000009', { x: 9 }, final);
    for (let at = 0; at < 10; at += 1) {
      clock.advance(1000);
      to.say({ t: 'pong', ts: 0 });
    }
    expect(to.took('dropped')).toMatchObject([[{ params: { x: 9 }, why: 'gone' }]]);
  });

  it('takes a snapshot where the log does not reach back', async () => {
    const snapshot = {
      project: { id: PROJECT, epoch: 2, seq: 40 },
      plugins: [slotOf(PLUGIN, { x: 7, y: 2, z: 3 })],
    } as never;
    await to.join({ mode: 'snapshot', epoch: 2, seq: 40, snapshot });
    expect(to.took('snapshot')).toEqual([[snapshot]]);
    expect(to.took('values')).toEqual([[PLUGIN, { x: 7 }, 'durable']]);
    expect(to.room.seq()).toBe(40);
  });

  it('learns of plugins from the log, and what was set before goes out then', async () => {
    await to.join();
    const other = '00000000-0000-4000-8000-000000000009';
    to.room.setParams(other, { x: 9.4 }, final);
    expect(to.said()).toEqual([]);
    const { state: _, ...plugin } = slotOf(other, { x: 0 });
    to.say({
      t: 'op',
      seq: 11,
      opId: other,
      kind: 'plugin.add',
      payload: {
        plugin: { ...plugin, hasState: false },
        chains: [{ trackId: TRACK, pluginIds: [PLUGIN, other] }],
      },
      actor: null,
      plugin: { h: 1, id: other, k: 'a' },
      params: ['x', 'y', 'z'],
    });
    to.say({ t: 'lock.ok', h: 1, f: 1, ttlMs: 12_000, n: 0 });
    expect(to.said()).toMatchObject([
      { t: 'lock.acquire', h: 1 },
      { t: 'pf', h: 1, v: [0, 9] },
    ]);
  });

  it('says what was lost with a plugin that somebody removed', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 50 }, final);
    to.say({
      t: 'op',
      seq: 11,
      opId: ANA,
      kind: 'plugin.remove',
      payload: { pluginId: PLUGIN, trackId: TRACK, chains: [] },
      actor: null,
    });
    expect(to.took('dropped')).toMatchObject([[{ params: { x: 50 }, why: 'gone' }]]);
  });
});

describe('operations', () => {
  const request = {
    opId: '00000000-0000-4000-8000-0000000000f1',
    kind: 'project.update',
    payload: { name: 'Night' },
  } as const;

  it('resolve by their answer, or by the log', async () => {
    await to.join();
    const first = to.room.perform(request);
    expect(to.said()).toEqual([{ t: 'op', ...request }]);
    to.say({ t: 'op.ok', opId: request.opId, seq: 11, dup: true });
    expect(await first).toEqual({ seq: 11, dup: true });
    const second = to.room.perform(request);
    to.say({
      t: 'op',
      seq: 11,
      opId: request.opId,
      kind: 'project.update',
      payload: { patch: { name: 'Night' } },
      actor: null,
    });
    expect(await second).toEqual({ seq: 11, dup: false });
  });

  it('reject with the refusal, and with RoomNotLive while and when there is no connection', async () => {
    await expect(to.room.perform(request)).rejects.toBeInstanceOf(RoomNotLive);
    await to.join();
    const refused = to.room.perform(request);
    to.say({ t: 'op.err', opId: request.opId, code: 'forbidden', detail: 'No.' });
    await expect(refused).rejects.toBeInstanceOf(RefusedError);
    const broken = to.room.perform(request);
    to.break();
    await expect(broken).rejects.toBeInstanceOf(RoomNotLive);
  });

  it('on a plugin that this page holds carry the fence', async () => {
    await holding();
    void to.room.perform({
      opId: request.opId,
      kind: 'plugin.update',
      payload: { pluginId: PLUGIN, bypassed: true },
    });
    expect(to.said()).toMatchObject([{ t: 'op', kind: 'plugin.update', f: 1 }]);
  });
});

describe('a connection that breaks', () => {
  it('comes back by itself, with growing pauses, and at once when asked to', async () => {
    await to.join();
    to.break();
    expect(to.room.status()).toBe('reconnecting');
    await clock.advanceAsync(299);
    expect(to.sockets).toHaveLength(1);
    await clock.advanceAsync(301);
    expect(to.sockets).toHaveLength(2);
    to.break();
    to.room.connect();
    await clock.advanceAsync(0);
    expect(to.sockets).toHaveLength(3);
    to.failTokens(true);
    to.break();
    await clock.advanceAsync(60_000);
    expect(to.sockets).toHaveLength(3);
    to.failTokens(false);
    await to.rejoin();
    expect(to.took('status').map(([status]) => status)).toEqual(['live', 'reconnecting', 'live']);
  });

  it('is noticed by its silence', async () => {
    await to.join();
    clock.advance(6999);
    expect(to.room.status()).toBe('live');
    clock.advance(1);
    expect(to.room.status()).toBe('reconnecting');
    expect(to.current().closed).toBe(1000);
  });

  it('sends frames without acknowledgement again under their old numbers', async () => {
    await holding();
    for (const x of [10, 20, 30]) {
      to.room.setParams(PLUGIN, { x }, moving);
      clock.advance(40);
    }
    to.break();
    to.room.setParams(PLUGIN, { y: 90 }, final);
    await to.rejoin({
      seq: 11,
      ops: [paramsOp(11, { x: 10 }, { fence: 1, n: 1 })],
      locks: [{ h: 0, f: 1, holder: ME, user: anna.userId }],
    });
    expect(to.said()).toEqual([{ t: 'lock.acquire', h: 0 }]);
    to.say(ok(1, 1));
    expect(frames().map((f) => [f.f, f.n, f.v])).toEqual([
      [1, 2, [0, 20]],
      [1, 3, [0, 30]],
      [1, 4, [1, 90]],
    ]);
    expect(to.took('dropped')).toEqual([]);
  });

  it('replays under a new lock what nobody else has changed, and tells of the rest', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 10, y: 20 }, final);
    to.break();
    to.room.setParams(PLUGIN, { z: 30 }, final);
    await to.rejoin({ seq: 11, ops: [paramsOp(11, { y: 5 }, { fence: 2, n: 1 })] });
    to.say(ok(3));
    expect(frames()).toMatchObject([{ f: 3, n: 1, v: [0, 10, 2, 30] }]);
    expect(to.took('dropped')).toMatchObject([[{ params: { y: 20 }, why: 'lost_lock' }]]);
    expect(to.room.visible(PLUGIN)).toEqual({ x: 10, y: 5, z: 30 });
  });

  it('gives back a lock of the page before it, whose frames it does not know, and takes a new one', async () => {
    await to.join({ locks: [{ h: 0, f: 4, holder: ME, user: anna.userId }] });
    to.room.setParams(PLUGIN, { x: 10 }, final);
    expect(to.said()).toEqual([{ t: 'lock.release', h: 0, f: 4 }]);
    to.say(lk(4, null));
    expect(to.said()).toEqual([{ t: 'lock.acquire', h: 0 }]);
    to.say(ok(5));
    expect(frames()).toMatchObject([{ f: 5, n: 1, v: [0, 10], fin: 1 }]);
  });

  it('drops what it has while somebody else holds the plugin', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 10 }, final);
    to.break();
    await to.rejoin({
      presence: [anna],
      locks: [{ h: 0, f: 2, holder: ANA, user: anna.userId }],
    });
    expect(to.took('dropped')).toMatchObject([[{ why: 'lost_lock', holder: anna }]]);
    expect(to.room.visible(PLUGIN).x).toBe(1);
  });

  it('forgets live values at a resync, and takes over those that are live now', async () => {
    await to.join();
    to.say(pf(3, 1, 0, 30, 1, 31));
    to.break();
    await to.rejoin({ live: [{ h: 0, f: 3, n: 4, v: [0, 33] }] });
    expect(to.room.visible(PLUGIN)).toEqual({ x: 33, y: 2, z: 3 });
  });

  it('ignores what an earlier connection still says', async () => {
    await to.join();
    const old = to.current();
    to.break();
    await to.rejoin();
    old.events.message(JSON.stringify({ t: 'op', ...paramsOp(11, { x: 99 }) }));
    old.events.closed(1006, false);
    expect(to.room.seq()).toBe(10);
    expect(to.room.status()).toBe('live');
  });

  it('hands over what it could not deliver, once', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 10 }, final);
    to.break();
    to.room.close();
    expect(to.room.takeUnsent()).toEqual([{ pluginId: PLUGIN, params: { x: 10 } }]);
    expect(to.room.takeUnsent()).toEqual([]);
  });

  it('leaves with the last value and a clean end', async () => {
    await holding();
    to.room.setParams(PLUGIN, { x: 10 }, moving);
    to.room.setParams(PLUGIN, { x: 11 }, moving);
    to.room.leave();
    expect(frames().map((f) => [f.v, f.fin])).toEqual([
      [[0, 10], undefined],
      [[0, 11], 1],
    ]);
    expect(to.current().closed).toBe(1000);
    expect(clock.pending()).toBe(0);
  });
});

describe('tokens', () => {
  const jwt = (exp: number) => `h.${btoa(JSON.stringify({ exp }))}.s`;

  it('are renewed before they expire', async () => {
    to = scriptedRoom(clock, { wallClock: () => clock.now() });
    to.setToken(jwt(100));
    await to.join();
    to.setToken(jwt(200));
    for (let at = 0; at < 8; at += 1) {
      await clock.advanceAsync(5000);
      to.say({ t: 'pong', ts: 0 });
    }
    expect(to.current().said.filter((m) => m.t === 'token')).toEqual([
      { t: 'token', token: jwt(200) },
    ]);
  });

  it('that are refused are asked for anew, and the same one again ends the room', async () => {
    await to.join();
    to.break(4401);
    to.setToken('token-2');
    await clock.advanceAsync(0);
    to.current().events.open();
    expect(to.current().said).toMatchObject([{ t: 'hello', token: 'token-2' }]);
    to.break(4401);
    expect(to.room.status()).toBe('ended');
    expect(to.took('status').at(-1)).toEqual(['ended', 'token_invalid']);
  });

  it.each([
    [4403, 'forbidden'],
    [4404, 'not_found'],
    [4409, 'replaced'],
    [4426, 'bad_version'],
  ] as const)('%i ends the room: %s', async (code, reason) => {
    await to.join();
    to.break(code);
    await clock.advanceAsync(60_000);
    expect(to.sockets).toHaveLength(1);
    expect(to.took('status').at(-1)).toEqual(['ended', reason]);
    expect(clock.pending()).toBe(0);
  });
});
