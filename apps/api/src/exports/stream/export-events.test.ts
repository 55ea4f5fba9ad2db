import type { ExportChange, ExportStatus } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExportRow, View } from '../../db/queries/export-row.ts';
import { type ExportSince, exportEvents, frame, HEARTBEAT_MS } from './export-events.ts';
import { createSubscription, type Woken } from './subscription.ts';

/** An export in memory: its changes, and its progress. */
function createExport() {
  const changes: ExportChange[] = [];
  let fraction = 0;
  const become = (to: ExportStatus) => {
    const from = changes.at(-1)?.to ?? null;
    const at = '2026-01-25T12:00:00.000Z';
    changes.push({ id: changes.length * 10 + 10, from, to, at, attempt: 1, reason: null });
  };
  become('queued');
  return {
    changes,
    become,
    progress: (to: number) => {
      fraction = to;
    },
    since(after: number | null): ExportSince {
      const status = changes.at(-1)?.to as ExportStatus;
      const progress = { stage: status, fraction, etaSeconds: null };
      return {
        row: { id: 'x', status, progress } as ExportRow,
        changes: after === null ? [] : changes.filter(({ id }) => id > after),
        lastChangeId: changes.at(-1)?.id as number,
      };
    },
  };
}
type Export = ReturnType<typeof createExport>;
type Sources = Parameters<typeof exportEvents>[0];

const sourcesOf = (made: Export, more: Partial<Sources> = {}): Sources => ({
  subscription: createSubscription(() => {}),
  first: made.since(null),
  read: async (after) => made.since(after),
  isSignedIn: async () => true,
  view: async (row) => row as unknown as View,
  millisecondsLeft: () => 3_600_000,
  isPassing: () => false,
  ...more,
});
/** Reasons to look up, in order; then the reader leaves. */
const woken = (...reasons: Woken[]): Sources['subscription'] => ({
  next: async () => reasons.shift() ?? 'left',
});
async function all(events: AsyncGenerator<string>): Promise<string[]> {
  const out: string[] = [];
  for await (const text of events) out.push(text);
  return out;
}
const nameOf = (text: string) => /^event: (\w+)/.exec(text)?.[1] ?? text.trim();
const dataOf = (text: string) => JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? 'null');

describe('a frame', () => {
  it('is one event with its id, and whatever is in it stays in one line', () => {
    const text = frame('end', { reason: 'a\nb\r\nid: 9' as 'finished' }, 7);
    expect(text).toBe('event: end\nid: 7\ndata: {"reason":"a\\nb\\r\\nid: 9"}\n\n');
  });
});

describe('the events of an export', () => {
  it('begin with how soon to come back, and the state', async () => {
    const texts = await all(exportEvents(sourcesOf(createExport(), { subscription: woken() })));
    expect(texts.map(nameOf)).toEqual(['retry: 2000', 'state']);
    expect(texts[1]).toContain('id: 10\n');
  });

  it('say something now and then in silence, and look whether something was missed', async () => {
    const made = createExport();
    const subscription = woken('silence', 'silence');
    const events = exportEvents(sourcesOf(made, { subscription }));
    await events.next();
    await events.next();
    expect((await events.next()).value).toBe(':\n\n');
    made.become('rendering');
    expect((await all(events)).map(nameOf)).toEqual([':', 'change', 'state']);
  });

  it('are not told while nothing that matters has changed', async () => {
    const subscription = woken('changed', 'changed');
    const texts = await all(exportEvents(sourcesOf(createExport(), { subscription })));
    expect(texts.map(nameOf)).toEqual(['retry: 2000', 'state']);
  });

  it('wait no longer than the token lives', async () => {
    const waits: number[] = [];
    let left = 40_000;
    const subscription = {
      next: async (ms: number) => {
        waits.push(ms);
        left -= ms;
        return 'silence' as const;
      },
    };
    const millisecondsLeft = () => left;
    const texts = await all(
      exportEvents(sourcesOf(createExport(), { subscription, millisecondsLeft })),
    );
    expect(waits).toEqual([HEARTBEAT_MS, HEARTBEAT_MS, 10_000]);
    expect(texts.map(nameOf)).toEqual(['retry: 2000', 'state', ':', ':', 'end']);
    expect(dataOf(texts.at(-1) ?? '')).toEqual({ reason: 'token_expired' });
  });

  const ends: [string, () => Partial<Sources>][] = [
    ['access_lost', () => ({ read: async () => null })],
    ['token_expired', () => ({ isSignedIn: async () => false })],
    ['token_expired', () => ({ isSignedIn: async () => false, read: async () => null })],
    ['shutting_down', () => ({ subscription: woken('shutting_down') })],
  ];
  it.each(ends)('end with %s', async (reason, more) => {
    const subscription = woken('changed', 'changed');
    const texts = await all(exportEvents(sourcesOf(createExport(), { subscription, ...more() })));
    expect(texts.map(nameOf)).toEqual(['retry: 2000', 'state', 'end']);
    expect(dataOf(texts[2] ?? '')).toEqual({ reason });
  });

  it('outlast a database that is away for a while, and nothing else', async () => {
    const made = createExport();
    let failures = 2;
    const read = async (after: number) => {
      if (failures-- > 0) throw new Error('away');
      return made.since(after);
    };
    const flaky = (isPassing: boolean) =>
      exportEvents(
        sourcesOf(made, {
          subscription: woken('changed', 'silence', 'changed'),
          read,
          isPassing: () => isPassing,
        }),
      );
    const patient = flaky(true);
    await patient.next();
    await patient.next();
    made.become('rendering');
    expect((await all(patient)).map(nameOf)).toEqual([':', 'change', 'state']);
    failures = 1;
    await expect(all(flaky(false))).rejects.toThrow('away');
  });

  it('lose and repeat no change, however they come, are read and break', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('change' as const) }),
      fc.record({
        kind: fc.constant('progress' as const),
        to: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('break' as const) }),
    );
    const steps = fc.array(step, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const made = createExport();
        const heard: string[] = [];
        let lastId: number | null = null;
        let knownAtStart = 0;
        const connect = () => {
          const subscription = createSubscription(() => {});
          const events = exportEvents(sourcesOf(made, { subscription, first: made.since(lastId) }));
          return { subscription, events };
        };
        let now = connect();
        const hear = (text: string | undefined) => {
          if (!text) return;
          const id = /^id: (\d+)$/m.exec(text)?.[1];
          if (nameOf(text) === 'change') heard.push(dataOf(text).to + dataOf(text).id);
          else if (nameOf(text) === 'state' && lastId === null) knownAtStart = Number(id);
          if (id) lastId = Number(id);
        };
        const read = async () => {
          // Whoever reads gets what there is; a shut-down ends the waiting where there is nothing.
          const waiting = now.events.next();
          const quiet = Symbol('quiet');
          const tick = new Promise<typeof quiet>((resolve) => setImmediate(resolve, quiet));
          const first = await Promise.race([waiting, tick]);
          if (first !== quiet) return hear(first.value);
          now.subscription.leave();
          hear((await waiting).value);
          await now.events.return(undefined);
          now = connect();
        };
        for (const [i, one] of script.entries()) {
          if (one.kind === 'change') {
            made.become(i % 2 ? 'queued' : 'rendering');
            now.subscription.wake();
          } else if (one.kind === 'progress') {
            made.progress(one.to);
            now.subscription.wake();
          } else if (one.kind === 'break') {
            now.subscription.leave();
            await now.events.return(undefined);
            now = connect();
          } else for (let n = 0; n < one.count; n++) await read();
        }
        made.become('completed');
        now.subscription.wake();
        for await (const text of now.events) hear(text);
        const told = made.changes.filter(({ id }) => id > knownAtStart);
        expect(heard).toEqual(told.map(({ to, id }) => to + id));
      }),
      { numRuns: 200 },
    );
  });
});
