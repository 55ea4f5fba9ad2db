import type { Presence } from '@mixdown/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { useAnnouncement } from '../stores/announcer.ts';
import { useToasts } from '../stores/toasts.ts';
import { useUi } from '../stores/ui-store.ts';
import { createFakeRoom } from '../testing/fake-room.ts';
import { createControl } from './control.ts';
import { NO_ROOM, setLock, setPeople, useRoom } from './room-store.ts';

const ana: Presence = {
  session: 's-ana',
  userId: 'ana',
  name: 'ana',
  color: 2,
  role: 'editor',
  focus: { trackId: null, pluginId: null, paramId: null },
  state: 'here',
};

function setUp() {
  let time = 0;
  let timers: { at: number; run: () => void }[] = [];
  const focused: string[] = [];
  const { room, calls } = createFakeRoom({
    start: { epoch: 1, seq: 1, plugins: [] },
    events: {} as Parameters<typeof createFakeRoom>[0]['events'],
  });
  const control = createControl({
    room: () => room,
    nameOf: () => 'Filter',
    focus: (id) => focused.push(id),
    now: () => time,
    setTimer(run, ms) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
  const pass = (ms: number) => {
    const end = time + ms;
    for (;;) {
      const next = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((other) => other !== next);
      time = next.at;
      next.run();
    }
    time = end;
  };
  const lock = (holder: string | null) => {
    const held = useRoom.getState().locks.p1?.mine === true;
    const mine = holder === 's-me';
    setLock('p1', holder ? { mine, holder, user: mine ? 'me' : 'ana', fence: 1 } : null);
    control.changed('p1', held);
  };
  return { control, calls, pass, lock, focused };
}
const toasts = () => useToasts.getState().toasts.map((t) => t.title);

beforeEach(() => {
  useRoom.setState({ ...NO_ROOM, self: { session: 's-me', userId: 'me' } });
  setPeople([ana]);
  useToasts.setState({ toasts: [] });
  useUi.setState({ selectedPluginId: null });
});

describe('asking for an effect', () => {
  it('asks once, and tells and focuses when it is granted', () => {
    const { control, calls, lock, focused } = setUp();
    lock('s-ana');
    control.request('p1');
    control.request('p1');
    expect(calls).toEqual(['request p1']);
    expect(useRoom.getState().requests.p1).toBe(10_000);
    lock('s-me');
    expect(focused).toEqual(['p1']);
    expect(toasts()).toEqual(['You can edit Filter now']);
    expect(useRoom.getState().requests).toEqual({});
  });

  it('tells when the holder keeps it, when nobody answers, and when it is refused', () => {
    const { control, lock, pass } = setUp();
    lock('s-ana');
    control.request('p1');
    control.kept('p1');
    control.request('p1');
    pass(13_000);
    control.request('p1');
    control.refused('p1', 'Not now.');
    expect(toasts()).toEqual(['Ana keeps Filter', 'Ana has not answered', 'Filter is not free']);
    expect(useRoom.getState().requests).toEqual({});
  });

  it('takes what becomes free meanwhile', () => {
    const { control, calls, lock } = setUp();
    lock('s-ana');
    control.request('p1');
    lock(null);
    expect(calls).toEqual(['request p1', 'acquire p1']);
  });
});

describe('being asked', () => {
  const by = { session: 's-ana', name: 'ana' };

  it('shows who, until it is answered or the time is over', () => {
    const { control, calls, lock, pass } = setUp();
    lock('s-me');
    useUi.setState({ selectedPluginId: 'p1' });
    control.asked('p1', by, 10_000);
    expect(useRoom.getState().asks).toMatchObject([{ name: 'Ana', until: 10_000 }]);
    expect(useAnnouncement.getState().text).toBe('Ana would like to edit Filter');
    control.answer('p1', 's-ana', false);
    expect(useRoom.getState().asks).toEqual([]);
    control.asked('p1', by, 10_000);
    pass(10_000);
    expect(useRoom.getState().asks).toEqual([]);
    expect(calls).toEqual(['answer p1 s-ana false']);
  });

  it('lets go at once of what one has turned away from', () => {
    const { control, calls, lock, pass } = setUp();
    lock('s-me');
    control.edited('p1');
    pass(4000);
    control.asked('p1', by, 10_000);
    expect(useRoom.getState().asks).toHaveLength(1);
    pass(2000);
    control.asked('p1', by, 10_000);
    expect(calls).toContain('answer p1 s-ana true');
  });

  it('forgets the question when somebody takes it over, and says who', () => {
    const { control, lock } = setUp();
    lock('s-me');
    useUi.setState({ selectedPluginId: 'p1' });
    control.asked('p1', by, 10_000);
    lock('s-ana');
    expect(useRoom.getState().asks).toEqual([]);
    expect(toasts()).toEqual(['Ana edits Filter now']);
  });
});

describe('turning away from an effect', () => {
  it('gives it back after five seconds without an edit', () => {
    const { control, calls, lock, pass } = setUp();
    useUi.setState({ selectedPluginId: 'p1' });
    lock('s-me');
    pass(60_000);
    useUi.setState({ selectedPluginId: null });
    pass(3000);
    control.edited('p1');
    pass(2000);
    expect(calls).toEqual([]);
    pass(5000);
    expect(calls).toEqual(['release p1']);
  });

  it('keeps it for whoever comes back in time', () => {
    const { calls, lock, pass } = setUp();
    useUi.setState({ selectedPluginId: 'p1' });
    lock('s-me');
    useUi.setState({ selectedPluginId: 'p2' });
    pass(3000);
    useUi.setState({ selectedPluginId: 'p1' });
    pass(60_000);
    expect(calls).toEqual([]);
  });
});
