import type { ExportView } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { createExportFollower, MOST_STREAMS } from './export-follower.ts';
import { withProgress } from './export-stream.ts';

const uuid = '9f1b5f9e-0d7c-4c0e-9d6e-0a4a1a1a1a1a';
const view = (status: ExportView['status'], fraction = 0): ExportView => ({
  id: uuid,
  projectId: uuid,
  projectName: 'Song',
  status,
  progress: { stage: status, fraction, etaSeconds: null },
  attempt: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
  expiresAt: null,
  snapshotSeq: 1,
  editedSince: false,
  options: {
    format: 'wav',
    bitDepth: 24,
    bitrateKbps: 320,
    range: { kind: 'all' },
    tail: 'auto',
    normalize: null,
    dither: true,
    scope: 'master',
    missingPlugins: 'omit',
  },
  result: null,
  error: null,
});
const said = (event: string, data: unknown, id?: number) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** A server whose streams the test speaks, and a clock that it winds. */
function setUp() {
  const opened: { id: string; lastEventId: string | null; signal: AbortSignal }[] = [];
  const bodies: ReadableStreamDefaultController<Uint8Array>[] = [];
  const timers = new Set<{ run: () => void; ms: number }>();
  const seen: string[] = [];
  const gone: string[] = [];
  const polled: string[] = [];
  let status = 200;
  const follower = createExportFollower({
    poller: {
      watch: (id) => polled.push(id),
      watching: () => polled,
      close: () => polled.splice(0),
    },
    async open(id, o) {
      opened.push({ id, ...o });
      if (status !== 200) return new Response(null, { status });
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          bodies.push(controller);
          o.signal.addEventListener('abort', () => controller.error(new Error('aborted')));
        },
      });
      return new Response(body);
    },
    onView: ({ status: s, progress }) => seen.push(`${s} ${progress.fraction}`),
    onGone: (id) => gone.push(id),
    setTimer(run, ms) {
      const timer = { run, ms };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random: () => 0,
  });
  const settled = async () => {
    for (let i = 0; i < 30; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return {
    follower,
    opened,
    seen,
    gone,
    polled,
    timers,
    answer: (next: number) => {
      status = next;
    },
    async say(text: string, connection = bodies.length - 1) {
      bodies[connection]?.enqueue(new TextEncoder().encode(text));
      await settled();
    },
    async cut(connection = bodies.length - 1) {
      bodies[connection]?.error(new Error('cut'));
      await settled();
    },
    async wind() {
      for (const timer of [...timers]) {
        timers.delete(timer);
        timer.run();
      }
      await settled();
    },
    settled,
  };
}

describe('an export that is followed', () => {
  it('is told of as it happens, until it rests, and nobody asks', async () => {
    const t = setUp();
    t.follower.watch('e1');
    await t.settled();
    await t.say(said('state', view('queued'), 1));
    // In two pieces, as networks deliver it.
    const text = said('state', view('rendering'), 2);
    await t.say(text.slice(0, 30));
    await t.say(text.slice(30));
    await t.say(said('progress', { stage: 'rendering', fraction: 0.5, etaSeconds: 3 }));
    await t.say(said('progress', { stage: 'rendering', fraction: 0.4, etaSeconds: 3 }));
    await t.say(said('state', view('completed', 1), 5) + said('end', { reason: 'finished' }));
    expect(t.seen).toEqual([
      'queued 0',
      'rendering 0',
      'rendering 0.5',
      'rendering 0.5',
      'completed 1',
    ]);
    expect([t.polled, t.follower.streaming(), t.timers.size]).toEqual([[], [], 0]);
    expect(t.opened).toHaveLength(1);
  });

  it('goes on after a cut where it was', async () => {
    const t = setUp();
    t.follower.watch('e1');
    await t.settled();
    await t.say(said('state', view('rendering'), 7));
    await t.cut();
    await t.wind();
    expect(t.opened.map(({ lastEventId }) => lastEventId)).toEqual([null, '7']);
    await t.say(said('state', view('completed', 1), 9));
    await t.cut();
    expect(t.follower.streaming()).toEqual([]);
    expect(t.polled).toEqual([]);
  });

  it('is asked for where streams do not get through', async () => {
    const silent = setUp();
    silent.follower.watch('e1');
    await silent.settled();
    for (let i = 0; i < 8; i++) await silent.wind();
    expect([silent.polled, silent.follower.streaming(), silent.timers.size]).toEqual([
      ['e1'],
      [],
      0,
    ]);
    const many = setUp();
    many.answer(429);
    many.follower.watch('e1');
    await many.settled();
    expect([many.polled, many.opened.length]).toEqual([['e1'], 1]);
  });

  it('is gone where it may not be seen any more', async () => {
    const t = setUp();
    t.follower.watch('e1');
    await t.settled();
    await t.say(said('state', view('queued'), 1) + said('end', { reason: 'access_lost' }));
    expect([t.gone, t.follower.streaming()]).toEqual([['e1'], []]);
    const refused = setUp();
    refused.answer(404);
    refused.follower.watch('e1');
    await refused.settled();
    expect(refused.gone).toEqual(['e1']);
  });

  it('comes back with a new token, and after the server was restarted', async () => {
    for (const reason of ['token_expired', 'shutting_down']) {
      const t = setUp();
      t.follower.watch('e1');
      await t.settled();
      await t.say(said('state', view('queued'), 1) + said('end', { reason }));
      await t.wind();
      expect(t.opened).toHaveLength(2);
    }
  });

  it('shares the connections of the page with everything else', async () => {
    const t = setUp();
    for (const id of ['e1', 'e2', 'e3', 'e1']) t.follower.watch(id);
    await t.settled();
    expect(t.follower.streaming()).toHaveLength(MOST_STREAMS);
    expect(t.polled).toEqual(['e3']);
    t.follower.close();
    await t.settled();
    expect([t.follower.streaming(), t.polled, t.timers.size]).toEqual([[], [], 0]);
    expect(t.opened.every(({ signal }) => signal.aborted)).toBe(true);
  });
});

it('another stage begins anew', () => {
  const next = { stage: 'encoding', fraction: 0.1, etaSeconds: null } as const;
  expect(withProgress(view('rendering', 0.9), next).progress).toEqual(next);
});
