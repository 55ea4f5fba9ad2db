import { refuse } from '@mixdown/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeMedia } from '../testing/fake-media.ts';
import { createPlayback, type Playback, type Version } from './playback.ts';

const opened: Playback[] = [];
afterEach(() => {
  for (const playback of opened.splice(0)) playback.close();
});

const version = (id: string, changes: Partial<Version> = {}): Version => ({
  id,
  seconds: 10,
  integratedLufs: -14,
  playable: true,
  ...changes,
});

function scene(versions: readonly Version[]) {
  const media: FakeMedia[] = [];
  const gains = new Map<FakeMedia, number>();
  const ticks = new Set<() => void>();
  const minted: string[] = [];
  let now = 0;
  let failure: Error | null = null;
  const playback = createPlayback({
    createMedia() {
      const one = new FakeMedia();
      media.push(one);
      return one as unknown as HTMLMediaElement;
    },
    mixer: {
      channel: (one) => ({
        setGain: (gain) => gains.set(one as unknown as FakeMedia, gain),
        close: () => gains.delete(one as unknown as FakeMedia),
      }),
      resume: async () => undefined,
    },
    async mint(id) {
      if (failure) throw failure;
      minted.push(id);
      return { url: `${id}?${minted.length}`, expiresAt: now + 900_000 };
    },
    now: () => now,
    every(run) {
      ticks.add(run);
      return () => ticks.delete(run);
    },
  });
  opened.push(playback);
  playback.setVersions(versions);
  return {
    playback,
    media,
    minted,
    state: playback.store.getState,
    gains: () => media.map((one) => Number((gains.get(one) ?? -1).toFixed(3))),
    tick: () => {
      for (const run of ticks) run();
    },
    later: (ms: number) => {
      now += ms;
    },
    refuse: (error: Error | null) => {
      failure = error;
    },
    /** Everything that was promised has happened. */
    settled: () => new Promise<void>((resolve) => setImmediate(resolve)),
    ticking: () => ticks.size,
  };
}

describe('one version', () => {
  it('stays paused where a key of the headphones has paused it', async () => {
    const s = scene([version('a')]);
    const [media] = s.media as [FakeMedia];
    s.playback.play();
    await s.settled();
    media.pause();
    expect(s.state().playing).toBe(false);
    s.tick();
    await s.settled();
    expect(media.paused).toBe(true);
  });

  it('starts again where a start was cut off by something else', async () => {
    const s = scene([version('a')]);
    const [media] = s.media as [FakeMedia];
    media.refusal = new DOMException('interrupted', 'AbortError');
    s.playback.play();
    await s.settled();
    expect(media.paused).toBe(true);
    media.refusal = null;
    s.tick();
    await s.settled();
    expect(media.paused).toBe(false);
    expect(s.state()).toMatchObject({ playing: true, decks: { a: { trouble: null } } });
  });

  it('is sent to one place at a time, and then to the last that was wished for', async () => {
    const s = scene([version('a')]);
    const [media] = s.media as [FakeMedia];
    s.playback.play();
    await s.settled();
    s.playback.pause();
    media.slow = true;
    for (const at of [5, 0, 7, 3]) s.playback.seek(at);
    expect(media.seeks).toEqual([5]);
    media.arrive();
    expect(media.seeks).toEqual([5, 3]);
    media.arrive();
    expect(media).toMatchObject({ currentTime: 3, seeking: false });
    expect(s.state().position).toBe(3);
    expect(media.seeks).toEqual([5, 3]);
  });

  it('is not kept waiting by a seek that the network holds up', async () => {
    const s = scene([version('a')]);
    const [media] = s.media as [FakeMedia];
    s.playback.play();
    await s.settled();
    media.slow = true;
    s.playback.seek(9);
    s.later(300);
    s.playback.seek(1);
    expect(media.seeks).toEqual([9, 1]);
  });

  it('is set going again where it stands still beside its data, not where that is on its way', async () => {
    const s = scene([version('a')]);
    const [media] = s.media as [FakeMedia];
    s.playback.play();
    await s.settled();
    media.reach(2);
    media.loaded = 2.1;
    for (let i = 0; i < 10; i++) s.tick();
    expect(media.seeks).toEqual([]);
    media.loaded = 10;
    for (let i = 0; i < 4; i++) s.tick();
    expect(media.seeks).toEqual([2]);
    for (const at of [2.25, 2.5, 2.75, 3, 3.25, 3.5]) {
      media.reach(at);
      s.tick();
    }
    expect(media.seeks).toEqual([2]);
  });

  it('gets its address when it is to play, and keeps it while it is good', async () => {
    const s = scene([version('a')]);
    expect(s.minted).toEqual([]);
    s.playback.seek(3);
    s.playback.play();
    await s.settled();
    expect(s.state()).toMatchObject({ playing: true, position: 3, activeId: 'a' });
    expect(s.media[0]).toMatchObject({ src: 'a?1', currentTime: 3, paused: false });
    s.playback.pause();
    s.playback.play();
    await s.settled();
    expect(s.minted).toEqual(['a']);
    s.playback.pause();
    s.later(890_000);
    s.playback.play();
    await s.settled();
    expect(s.media[0]).toMatchObject({ src: 'a?2', currentTime: 3 });
  });

  it('goes on with a new address where it was when the old one ran out', async () => {
    const s = scene([version('a')]);
    s.playback.play();
    await s.settled();
    s.media[0]?.reach(4.5);
    s.media[0]?.fail(2);
    expect(s.state().playing).toBe(true);
    await s.settled();
    expect(s.media[0]).toMatchObject({ src: 'a?2', currentTime: 4.5, paused: false });
    expect(s.state()).toMatchObject({ playing: true, decks: { a: { trouble: null } } });
  });

  it.each([
    [2, 'offline'],
    [4, 'unplayable'],
  ])('that fails again at once (%i) is said to be %s', async (code, trouble) => {
    const s = scene([version('a')]);
    s.playback.play();
    await s.settled();
    s.media[0]?.fail(code);
    await s.settled();
    s.media[0]?.fail(code);
    expect(s.state()).toMatchObject({ playing: false, decks: { a: { trouble } } });
    expect(s.minted).toHaveLength(2);
  });

  it('that was withdrawn says so in the words of the server', async () => {
    const s = scene([version('a')]);
    s.refuse(refuse('not_found', 'It is not shared with you.'));
    s.playback.play();
    await s.settled();
    const a = { trouble: 'refused', refusal: 'It is not shared with you.' };
    expect(s.state()).toMatchObject({ playing: false, decks: { a } });
    s.refuse(null);
    s.playback.play();
    await s.settled();
    expect(s.state()).toMatchObject({ playing: true, decks: { a: { trouble: null } } });
  });

  it('that the browser cannot play is not even asked for', async () => {
    const s = scene([version('a', { playable: false })]);
    s.playback.play();
    await s.settled();
    expect(s.minted).toEqual([]);
    expect(s.state()).toMatchObject({ playing: false, decks: { a: { trouble: 'unplayable' } } });
  });

  it('begins anew after its end, and is stopped by another player', async () => {
    const s = scene([version('a')]);
    s.playback.play();
    await s.settled();
    s.media[0]?.finish(10);
    expect(s.state()).toMatchObject({ playing: false, position: 10 });
    s.playback.play();
    await s.settled();
    expect(s.media[0]).toMatchObject({ currentTime: 0, paused: false });
    const other = scene([version('b')]);
    other.playback.play();
    await s.settled();
    expect([s.state().playing, other.state().playing]).toEqual([false, true]);
    other.playback.close();
    expect([s.ticking(), other.ticking()]).toEqual([0, 0]);
  });
});

describe('versions side by side', () => {
  const three = [
    version('loud', { integratedLufs: -8 }),
    version('quiet', { integratedLufs: -14, seconds: 6 }),
    version('silent', { integratedLufs: null }),
  ];

  it('play in step, one heard, all as loud as the quietest', async () => {
    const s = scene(three);
    s.playback.play();
    await s.settled();
    expect(s.media.map((one) => one.paused)).toEqual([false, false, false]);
    expect(s.gains()).toEqual([0.501, 0, 0]);
    s.media[0]?.reach(2);
    s.media[1]?.reach(1.5);
    s.media[2]?.reach(1.97);
    s.tick();
    // Only what is far off is moved.
    expect(s.media.map((one) => one.currentTime)).toEqual([2, 2, 1.97]);
    expect(s.state().position).toBe(2);
    s.playback.hear('silent');
    expect(s.media[2]?.currentTime).toBe(2);
    expect(s.gains()).toEqual([0, 0, 1]);
    s.playback.hear('loud');
    s.playback.setEqualLoudness(false);
    expect(s.gains()).toEqual([1, 0, 0]);
    s.playback.setVolume(0.5);
    s.playback.setEqualLoudness(true);
    expect(s.gains()[0]).toBeCloseTo(0.25, 2);
    s.playback.setVolume(1);
  });

  it('of different lengths go on to the end of the longest', async () => {
    const s = scene(three.slice(0, 2));
    s.playback.hear('quiet');
    s.playback.play();
    await s.settled();
    s.media[0]?.reach(6);
    s.media[1]?.finish(6);
    expect(s.state().playing).toBe(true);
    s.media[0]?.reach(7);
    s.tick();
    expect(s.state()).toMatchObject({ position: 7, seconds: 10 });
    s.playback.seek(2);
    await s.settled();
    expect(s.media.map((one) => [one.currentTime, one.paused])).toEqual([
      [2, false],
      [2, false],
    ]);
    s.playback.seek(8);
    expect(s.media.map((one) => one.paused)).toEqual([false, true]);
  });

  it('that join or leave do not disturb what plays', async () => {
    const s = scene([three[0] as Version]);
    s.playback.play();
    await s.settled();
    s.media[0]?.reach(3);
    s.tick();
    s.playback.setVersions(three.slice(0, 2));
    await s.settled();
    expect(s.media.map((one) => [one.currentTime, one.paused])).toEqual([
      [3, false],
      [3, false],
    ]);
    expect(s.state().activeId).toBe('loud');
    s.playback.setVersions([three[1] as Version]);
    await s.settled();
    expect(s.state()).toMatchObject({ activeId: 'quiet', playing: true, position: 3 });
    expect(s.media[0]).toMatchObject({ paused: true, src: '' });
    expect(s.gains()[1]).toBe(1);
  });
});
