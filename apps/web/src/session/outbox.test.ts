import { refuse } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetworkError } from './api/http.ts';
import type { Edit } from './edits/edit.ts';
import { createOutbox, FLUSH_MS, type SaveStatus } from './outbox.ts';

const gain = (trackId: string, gainDb: number): Edit => ({
  kind: 'track.set',
  trackId,
  patch: { gainDb },
});
const param = (pluginId: string, params: Record<string, number>): Edit => ({
  kind: 'plugin.set',
  pluginId,
  patch: { params },
});
const removeTrack: Edit = { kind: 'track.remove', trackId: 't1', contents: ['p1'] };

interface Call {
  readonly edit: Edit;
  readonly keepalive: boolean;
  /** Id of its first operation. */
  readonly id: string;
  ok(): Promise<void>;
  fail(error: unknown): Promise<void>;
}

function setUp() {
  let time = 0;
  let timers: { at: number; run: () => void }[] = [];
  const calls: Call[] = [];
  const statuses: SaveStatus[] = [];
  const confirmed: Edit[] = [];
  const refused: string[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const outbox = createOutbox({
    send: (edit, { keepalive, opId }) =>
      new Promise((resolve, reject) => {
        const ok = () => {
          resolve(null);
          return settled();
        };
        const fail = (error: unknown) => {
          reject(error);
          return settled();
        };
        calls.push({ edit, keepalive, id: opId(0), ok, fail });
      }),
    onConfirmed: (edit) => confirmed.push(edit),
    onRefused: (_edit, refusal) => refused.push(refusal.code),
    onStatus: (status) => statuses.push(status),
    now: () => time,
    setTimer(run, ms) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
  const advance = async (ms: number) => {
    time += ms;
    const due = timers.filter((timer) => timer.at <= time);
    timers = timers.filter((timer) => timer.at > time);
    for (const timer of due) timer.run();
    await settled();
  };
  return { outbox, calls, statuses, confirmed, refused, advance, timers: () => timers };
}

describe('outbox', () => {
  it('keeps the id of an operation over its attempts, and never sends anything else under it', async () => {
    const { outbox, calls, advance } = setUp();
    outbox.put(gain('t1', -3), { final: true });
    await calls[0]?.fail(new NetworkError('gone'));
    await advance(1000);
    expect(calls[1]?.id).toBe(calls[0]?.id);
    await calls[1]?.fail(new NetworkError('gone'));
    // The server may have done the first one: another value is another operation.
    outbox.put(gain('t1', -4), { final: true });
    await advance(2000);
    expect(calls[2]?.edit).toEqual(gain('t1', -4));
    expect(calls[2]?.id).not.toBe(calls[0]?.id);
    expect(calls[2]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  });

  it('hands over what goes another way from now on, except what is under way', async () => {
    const { outbox, calls, confirmed } = setUp();
    outbox.put(param('p1', { cutoff: 1 }), { final: true });
    outbox.put(param('p1', { cutoff: 2 }), { final: true });
    outbox.put(gain('t1', -3), { final: true });
    const taken = outbox.take((edit) => edit.kind === 'plugin.set');
    expect(taken).toEqual([param('p1', { cutoff: 2 })]);
    for (const call of calls) await call.ok();
    expect(confirmed).toEqual([param('p1', { cutoff: 1 }), gain('t1', -3)]);
    expect(outbox.status()).toBe('saved');
  });

  it('merges a drag: the latest value every 250 ms, the last one at once', async () => {
    const { outbox, calls, advance, confirmed } = setUp();
    outbox.put(param('p1', { cutoff: 1 }), { final: false });
    expect(calls).toHaveLength(1);
    await calls[0]?.ok();
    outbox.put(param('p1', { cutoff: 2 }), { final: false });
    outbox.put(param('p1', { cutoff: 3, res: 9 }), { final: false });
    outbox.put(param('p1', { cutoff: 4 }), { final: false });
    expect(calls).toHaveLength(1);
    await advance(FLUSH_MS);
    expect(calls[1]?.edit).toEqual(param('p1', { cutoff: 4, res: 9 }));
    await calls[1]?.ok();
    outbox.put(param('p1', { cutoff: 5 }), { final: true });
    expect(calls[2]?.edit).toEqual(param('p1', { cutoff: 5 }));
    await calls[2]?.ok();
    expect(confirmed).toHaveLength(3);
    expect(outbox.status()).toBe('saved');
  });

  it('keeps values of different plugins apart and sends them side by side', () => {
    const { outbox, calls } = setUp();
    outbox.put(param('p1', { cutoff: 1 }), { final: true });
    outbox.put(param('p2', { cutoff: 2 }), { final: true });
    expect(calls.map((call) => call.edit)).toEqual([
      param('p1', { cutoff: 1 }),
      param('p2', { cutoff: 2 }),
    ]);
  });

  it('sends an edit after those that it depends on', async () => {
    const { outbox, calls } = setUp();
    outbox.put(param('p1', { cutoff: 1 }), { final: true });
    outbox.put(removeTrack, { final: true });
    expect(calls).toHaveLength(1);
    await calls[0]?.ok();
    expect(calls[1]?.edit).toEqual(removeTrack);
  });

  it('does not let a value under the hand hold up what depends on it', async () => {
    const { outbox, calls } = setUp();
    outbox.put(param('p1', { cutoff: 1 }), { final: false });
    await calls[0]?.ok();
    outbox.put(param('p1', { cutoff: 2 }), { final: false });
    expect(calls).toHaveLength(1);
    outbox.put(removeTrack, { final: true });
    expect(calls[1]?.edit).toEqual(param('p1', { cutoff: 2 }));
  });

  it('never merges across an edit that depends on the earlier value', async () => {
    const { outbox, calls } = setUp();
    outbox.put(gain('t1', -1), { final: true });
    outbox.put(gain('t1', -2), { final: true });
    outbox.put({ kind: 'track.move', trackId: 't1', position: 0 }, { final: true });
    outbox.put(gain('t1', -3), { final: true });
    expect(outbox.pending()).toHaveLength(4);
    for (let i = 0; i < 4; i++) await calls[i]?.ok();
    expect(calls.map((call) => call.edit)).toEqual([
      gain('t1', -1),
      gain('t1', -2),
      { kind: 'track.move', trackId: 't1', position: 0 },
      gain('t1', -3),
    ]);
  });

  it('keeps everything while offline, tries again with growing waits, and at once when resumed', async () => {
    const { outbox, calls, advance, statuses, timers, confirmed } = setUp();
    outbox.put(gain('t1', -6), { final: true });
    await calls[0]?.fail(new NetworkError('gone'));
    expect(outbox.status()).toBe('offline');
    expect(timers().map((timer) => timer.at)).toEqual([1000]);
    await advance(1000);
    await calls[1]?.fail(new NetworkError('gone'));
    expect(timers().map((timer) => timer.at)).toEqual([3000]);
    outbox.put(gain('t1', -7), { final: true });
    expect(calls).toHaveLength(2);
    outbox.resume();
    await calls[2]?.ok();
    expect(confirmed).toEqual([gain('t1', -7)]);
    expect(statuses).toEqual(['saving', 'offline', 'saving', 'saved']);
  });

  it('hands a refusal on and goes on with the rest', async () => {
    const { outbox, calls, refused } = setUp();
    outbox.put(gain('t1', -6), { final: true });
    outbox.put(gain('t1', -7), { final: true });
    await calls[0]?.fail(refuse('forbidden', 'no'));
    expect(refused).toEqual(['forbidden']);
    expect(calls[1]?.edit).toEqual(gain('t1', -7));
  });

  it('waits as long as a rate limit asks for', async () => {
    const { outbox, calls, timers, refused } = setUp();
    outbox.put(gain('t1', -6), { final: true });
    await calls[0]?.fail(refuse('rate_limited', 'slow down', { retryAfterSeconds: 7 }));
    expect(timers().map((timer) => timer.at)).toEqual([7000]);
    expect(refused).toEqual([]);
  });

  it('gives up on an edit that makes the server stumble again and again', async () => {
    const { outbox, calls, advance, refused } = setUp();
    outbox.put(gain('t1', -6), { final: true });
    for (let i = 0; i < 5; i++) {
      await calls[i]?.fail(refuse('internal', 'oops'));
      await advance(20_000);
    }
    expect(calls).toHaveLength(5);
    expect(refused).toEqual(['internal']);
  });

  it('stops when the session has ended and goes on after signing in', async () => {
    const { outbox, calls, advance } = setUp();
    outbox.put(gain('t1', -6), { final: true });
    await calls[0]?.fail(refuse('token_invalid', 'expired'));
    expect(outbox.status()).toBe('expired');
    await advance(60_000);
    expect(calls).toHaveLength(1);
    outbox.resume();
    await calls[1]?.ok();
    expect(outbox.status()).toBe('saved');
  });

  it('sends everything once more as the page goes, and confirms it once', async () => {
    const { outbox, calls, confirmed } = setUp();
    outbox.put(param('p1', { cutoff: 1 }), { final: true });
    outbox.put(gain('t1', -6), { final: false });
    expect(outbox.leave()).toEqual([]);
    expect(calls.slice(2).map((call) => [call.edit, call.keepalive])).toEqual([
      [param('p1', { cutoff: 1 }), true],
      [gain('t1', -6), true],
    ]);
    for (const call of calls) await call.ok();
    expect(confirmed).toHaveLength(2);
  });

  it('sends the last value as the page goes, although the one before is still under way', () => {
    const { outbox, calls } = setUp();
    outbox.put(param('p1', { cutoff: 1, res: 1 }), { final: true });
    outbox.put(param('p1', { cutoff: 2 }), { final: true });
    expect(outbox.leave()).toEqual([]);
    expect(calls.at(-1)?.edit).toEqual(param('p1', { cutoff: 2, res: 1 }));
  });

  it('hands back what may only follow an answer', () => {
    const { outbox, calls } = setUp();
    const add = { kind: 'track.add', whole: { track: { id: 't9' }, clips: [], plugins: [] } };
    outbox.put(add as unknown as Edit, { final: true });
    outbox.put(gain('t9', -6), { final: true });
    expect(outbox.leave()).toEqual([gain('t9', -6)]);
    expect(calls.map((call) => call.edit.kind)).toEqual(['track.add', 'track.add']);
  });

  it('sends nothing for a delayed removal that is taken back in time', async () => {
    const { outbox, calls, advance } = setUp();
    const remove: Edit = { kind: 'plugin.remove', pluginId: 'p1', trackId: 't1' };
    const slot = { id: 'p1', trackId: 't1' } as Extract<Edit, { kind: 'plugin.add' }>['slot'];
    outbox.put(remove, { final: true, delayMs: 10_000 });
    outbox.put({ kind: 'plugin.add', slot }, { final: true });
    await advance(20_000);
    expect(calls).toEqual([]);
    expect(outbox.status()).toBe('saved');
    outbox.put(remove, { final: true, delayMs: 10_000 });
    await advance(10_000);
    expect(calls[0]?.edit).toEqual(remove);
  });

  it('delivers the last value of everything, whatever the network does', async () => {
    const step = fc.record({
      track: fc.constantFrom('t1', 't2', 't3'),
      value: fc.integer({ min: -60, max: 12 }),
      final: fc.boolean(),
      wait: fc.integer({ min: 0, max: 400 }),
      answer: fc.constantFrom('ok', 'lost', 'none'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { outbox, calls, advance } = setUp();
        const server = new Map<string, number>();
        const wanted = new Map<string, number>();
        let answered = 0;
        const answer = async (how: string) => {
          const call = calls[answered];
          if (!call || how === 'none') return;
          answered += 1;
          if (how === 'lost') return call.fail(new NetworkError('lost'));
          if (call.edit.kind === 'track.set')
            server.set(call.edit.trackId, call.edit.patch.gainDb ?? 0);
          await call.ok();
        };
        for (const { track, value, final, wait, answer: how } of steps) {
          outbox.put(gain(track, value), { final });
          wanted.set(track, value);
          await answer(how);
          await advance(wait);
        }
        outbox.flush();
        for (let i = 0; i < 200 && outbox.status() !== 'saved'; i++) {
          await answer('ok');
          await advance(1000);
        }
        expect(outbox.pending()).toEqual([]);
        expect([...server].sort()).toEqual([...wanted].sort());
      }),
      { numRuns: 60 },
    );
  });
});
