import { type ExportView, refuse } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { createExportPoller, nextDelay, type PollerDeps } from './export-poller.ts';

type Answer = Awaited<ReturnType<PollerDeps['fetch']>>;
const view = (status: ExportView['status']) => ({ id: 'e1', status }) as ExportView;

function setUp(answers: (Answer | Error)[]) {
  const asked: (string | null)[] = [];
  const seen: string[] = [];
  const gone: string[] = [];
  const timers: { run: () => void; ms: number; live: boolean }[] = [];
  const poller = createExportPoller({
    fetch: async (_id, etag) => {
      asked.push(etag);
      const answer = answers.shift();
      if (!answer || answer instanceof Error) throw answer ?? new Error('no more answers');
      return answer;
    },
    onView: (v) => seen.push(v.status),
    onGone: (id) => gone.push(id),
    isHidden: () => false,
    setTimer(run, ms) {
      const timer = { run, ms, live: true };
      timers.push(timer);
      return () => {
        timer.live = false;
      };
    },
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const tick = async () => {
    const timer = timers.findLast((t) => t.live);
    if (timer) timer.live = false;
    timer?.run();
    await settled();
  };
  return { poller, asked, seen, gone, timers, tick, settled };
}

describe('export poller', () => {
  it('follows an export by ETag until it rests', async () => {
    const { poller, asked, seen, timers, tick, settled } = setUp([
      { view: view('queued'), etag: '"1"', retryAfter: 2 },
      { view: null, etag: '"1"', retryAfter: null },
      { view: view('completed'), etag: '"2"', retryAfter: null },
    ]);
    poller.watch('e1');
    await settled();
    await tick();
    await tick();
    expect(asked).toEqual([null, '"1"', '"1"']);
    expect(seen).toEqual(['queued', 'completed']);
    expect(timers.map((timer) => timer.ms)).toEqual([2000, 3000]);
    expect(poller.watching()).toEqual([]);
  });

  it('goes on after the network failed, and stops for what is gone', async () => {
    const { poller, gone, tick, settled } = setUp([
      new TypeError('offline'),
      refuse('not_found', 'gone'),
    ]);
    poller.watch('e1');
    await settled();
    expect(poller.watching()).toEqual(['e1']);
    await tick();
    expect(gone).toEqual(['e1']);
    expect(poller.watching()).toEqual([]);
  });

  it('asks at once when watched again, and never twice at the same time', async () => {
    const running = { view: view('rendering'), etag: null, retryAfter: null };
    const { poller, asked, timers, settled } = setUp([running, running, running]);
    poller.watch('e1');
    poller.watch('e1');
    await settled();
    expect(asked).toHaveLength(1);
    poller.watch('e1');
    await settled();
    expect(asked).toHaveLength(2);
    expect(timers.filter((timer) => timer.live)).toHaveLength(1);
    poller.close();
    expect(timers.filter((timer) => timer.live)).toHaveLength(0);
  });

  it('waits as advised, grows while nothing changes, and rests on hidden pages', () => {
    const quiet = { changed: false, retryAfter: null, hidden: false };
    expect(nextDelay(1000, quiet)).toBe(1500);
    expect(nextDelay(8000, quiet)).toBe(8000);
    expect(nextDelay(8000, { ...quiet, changed: true })).toBe(1000);
    expect(nextDelay(1000, { ...quiet, retryAfter: 5 })).toBe(5000);
    expect(nextDelay(1000, { ...quiet, hidden: true })).toBe(10_000);
  });
});
