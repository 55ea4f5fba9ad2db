import { type ProjectSnapshot, refuse } from '@mixdown/contract';
import { RoomNotLive } from '@mixdown/core/room/room';
import { describe, expect, it } from 'vitest';
import { demoSnapshot } from '../testing/demo-snapshot.ts';
import { createFakeRoom, type FakeRoom } from '../testing/fake-room.ts';
import { ALONE_AFTER_MS, createRoomLink } from './room-link.ts';

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(
  o: {
    read?: () => Promise<ProjectSnapshot | null>;
    renew?: boolean;
    readable?: boolean;
    client?: boolean;
  } = {},
) {
  const rooms: FakeRoom[] = [];
  const modes: string[] = [];
  const followed: string[] = [];
  let timers: { run: () => void; ms: number }[] = [];
  let caughtUp = 0;
  const link = createRoomLink(
    {
      createRoom(seq) {
        const noop = () => {};
        const fake = createFakeRoom({
          start: { epoch: 1, seq, plugins: [] },
          events: {
            status: (status, reason) => link.status(status, reason),
            operation: (op) => link.operation(op),
            snapshot: (snapshot) => link.snapshot(snapshot),
            ...{ values: noop, lock: noop, moving: noop, asked: noop, kept: noop, presence: noop },
            ...{ dropped: noop, lockRefused: noop, unsaved: noop },
          },
        });
        rooms.push(fake);
        return fake.room;
      },
      read: o.read ?? (async () => demoSnapshot()),
      async catchUp() {
        caughtUp += 1;
        return o.readable ?? true;
      },
      onMode: (mode, ended) => modes.push(ended ? `${mode}: ${ended}` : mode),
      isClient: async () => o.client ?? false,
      renew: async () => o.renew ?? false,
      setTimer(run, ms) {
        const timer = { run, ms };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    7,
  );
  link.start({
    operation: (op) => followed.push(`op ${op.seq}`),
    replace: (snapshot) => followed.push(`replace ${snapshot.project.seq}`),
    follow: () => followed.push('follow'),
    unfollow: (unsent) => followed.push(`unfollow ${[...unsent].length}`),
  });
  const pass = async (ms: number) => {
    const due = timers.filter((timer) => timer.ms === ms);
    timers = timers.filter((timer) => timer.ms !== ms);
    for (const timer of due) timer.run();
    await settled();
  };
  return { link, rooms, modes, followed, pass, timers: () => timers, caughtUp: () => caughtUp };
}
const at = (rooms: readonly FakeRoom[], n: number) => rooms[n] as FakeRoom;

describe('room link', () => {
  it('joins where the page stands, and follows from the first moment', () => {
    const { link, rooms, modes, followed } = setUp();
    expect(at(rooms, 0).start.seq).toBe(7);
    expect(link.following()).toBe(true);
    at(rooms, 0).become('live');
    expect(modes).toEqual(['connecting', 'live']);
    expect(followed).toEqual(['follow']);
  });

  it('goes over HTTP after six seconds without a room, and joins by snapshot later', async () => {
    const { link, rooms, modes, followed, pass, caughtUp } = setUp();
    at(rooms, 0).mine.set('p1', { cutoff: 5 });
    await pass(ALONE_AFTER_MS);
    expect(modes).toEqual(['connecting', 'alone']);
    expect(link.following()).toBe(false);
    expect(followed).toEqual(['unfollow 1']);
    expect(at(rooms, 0).calls).toContain('close');
    expect(at(rooms, 1).start.seq).toBe(-1);
    expect(caughtUp()).toBe(1);
    at(rooms, 1).become('reconnecting');
    expect(modes.at(-1)).toBe('alone');
    at(rooms, 1).events.snapshot(demoSnapshot());
    at(rooms, 1).become('live');
    expect(followed.slice(1)).toEqual(['replace 7', 'follow']);
    expect(link.following()).toBe(true);
    expect(modes.at(-1)).toBe('live');
  });

  it('keeps waiting for the room while HTTP does not answer either', async () => {
    const { rooms, modes, pass, timers } = setUp({ read: async () => null });
    at(rooms, 0).become('live');
    at(rooms, 0).become('reconnecting');
    await pass(ALONE_AFTER_MS);
    expect(modes.at(-1)).toBe('reconnecting');
    expect(rooms).toHaveLength(1);
    expect(timers().map(({ ms }) => ms)).toEqual([ALONE_AFTER_MS]);
  });

  it('tells whoever was removed from whoever is a client now', async () => {
    const removed = setUp();
    at(removed.rooms, 0).become('ended', 'forbidden');
    await settled();
    expect(removed.modes.at(-1)).toBe('ended: forbidden');
    const client = setUp({ client: true });
    at(client.rooms, 0).become('ended', 'forbidden');
    await settled();
    expect(client.modes.at(-1)).toBe('ended: demoted');
  });

  it('ends where the project cannot be read any more, with and without sockets', async () => {
    const before = setUp({ read: () => Promise.reject(refuse('not_found', 'gone')) });
    await before.pass(ALONE_AFTER_MS);
    expect(before.modes.at(-1)).toBe('ended: forbidden');
    const later = setUp({ readable: false });
    await later.pass(ALONE_AFTER_MS);
    expect(later.modes.at(-1)).toBe('alone');
    await later.pass(4000);
    expect(later.modes.at(-1)).toBe('ended: forbidden');
    expect(later.timers()).toEqual([]);
  });

  it('renews a token that was refused, once', async () => {
    const { rooms, modes } = setUp({ renew: true });
    at(rooms, 0).become('ended', 'token_invalid');
    await settled();
    expect(at(rooms, 0).calls).toEqual(['connect', 'connect']);
    at(rooms, 0).become('ended', 'token_invalid');
    await settled();
    expect(modes.at(-1)).toBe('ended: token_invalid');
  });

  it('sends over the socket while live, and says where HTTP has to do it', async () => {
    const { link, rooms } = setUp();
    const remove = { kind: 'clip.remove', payload: { clipId: 'c' } } as const;
    expect(await link.perform(remove, 'id')).toBeNull();
    at(rooms, 0).become('live');
    at(rooms, 0).performs(async () => ({ seq: 12, dup: false }));
    expect(await link.perform(remove, 'id')).toBe(12);
    expect(at(rooms, 0).performed[0]).toEqual({ opId: 'id', ...remove });
    const state = { kind: 'plugin.update', payload: { pluginId: 'p', state: 'AAAA' } } as const;
    expect(await link.perform(state, 'id')).toBeNull();
    at(rooms, 0).performs(() => Promise.reject(new RoomNotLive()));
    expect(await link.perform(remove, 'id')).toBeNull();
    at(rooms, 0).performs(() => Promise.reject(refuse('plugin_locked', 'Ana')));
    await expect(link.perform(remove, 'id')).rejects.toMatchObject({
      refusal: { code: 'plugin_locked' },
    });
  });

  it('says goodbye when the page goes, and hands over what it could not send', () => {
    const live = setUp();
    at(live.rooms, 0).become('live');
    expect([...live.link.leave()]).toEqual([]);
    expect(at(live.rooms, 0).calls).toContain('leave');
    const away = setUp();
    at(away.rooms, 0).mine.set('p1', { cutoff: 5 });
    expect([...away.link.leave()]).toEqual([{ pluginId: 'p1', params: { cutoff: 5 } }]);
  });

  it('stops everything when it is closed', async () => {
    const { link, rooms, modes, timers } = setUp();
    link.close();
    expect(timers()).toEqual([]);
    at(rooms, 0).become('live');
    expect(modes).toEqual(['connecting']);
  });
});
