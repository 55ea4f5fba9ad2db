import { refuse } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { testExport } from '../../features/client/testing/test-export.ts';
import { createMyExports, missing } from './my-exports.ts';

const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const numbered = (n: number, changes = {}) =>
  testExport(`e${n}`, { version: n, createdAt: at(n), ...changes });

/** A server with these exports, newest first, and a page that is open on them. */
function scene(count: number) {
  let rows = Array.from({ length: count }, (_, i) => numbered(count - i));
  let failure: Error | null = null;
  const asked: number[] = [];
  const waits: number[] = [];
  const timers = new Set<() => void>();
  const fetch = async ({ cursor, limit }: { cursor?: string; limit: number }) => {
    if (failure) throw failure;
    asked.push(limit);
    const from = cursor ? Number(cursor) : 0;
    const exports = rows.slice(from, from + limit);
    return { exports, next: from + limit < rows.length ? String(from + limit) : null };
  };
  return {
    asked,
    waits,
    timers,
    fail: (error: Error | null) => {
      failure = error;
    },
    change: (next: (now: typeof rows) => typeof rows) => {
      rows = next(rows);
    },
    open: async () =>
      createMyExports(
        {
          filter: {},
          fetch,
          isHidden: () => false,
          setTimer(run, ms) {
            waits.push(ms);
            timers.add(run);
            return () => timers.delete(run);
          },
        },
        await fetch({ limit: 30 }),
      ),
  };
}
const idsOf = (feed: Awaited<ReturnType<ReturnType<typeof scene>['open']>>) =>
  feed.store.getState().exports.map(({ id }) => id);

describe('the listing of what one sees', () => {
  it('shows more, page by page, and looks at all of it again', async () => {
    const server = scene(65);
    const feed = await server.open();
    await feed.showMore();
    expect(idsOf(feed)).toHaveLength(60);
    await feed.showMore();
    expect(feed.store.getState().hasMore).toBe(false);
    await feed.look();
    expect(idsOf(feed)).toEqual(Array.from({ length: 65 }, (_, i) => `e${65 - i}`));
    expect(server.asked.at(-1)).toBe(65);
    feed.close();
  });

  it('says what was withdrawn, until it comes back or is dismissed', async () => {
    const server = scene(3);
    const feed = await server.open();
    server.change((rows) => rows.filter(({ id }) => id === 'e2'));
    await feed.look();
    expect(feed.store.getState().withdrawn.map((w) => [w.export.id, w.why])).toEqual([
      ['e3', 'unshared'],
      ['e1', 'unshared'],
    ]);
    feed.dismiss('e1');
    server.change((rows) => [numbered(3), ...rows]);
    await feed.look();
    expect(feed.store.getState().withdrawn).toEqual([]);
    feed.close();
  });

  it('does not take for withdrawn what newer ones have pushed off the page', () => {
    const before = [numbered(3), numbered(2), numbered(1)];
    const now = [numbered(4), numbered(3)];
    expect(missing(before, now, false)).toEqual([]);
    expect(missing(before, now, true).map(({ id }) => id)).toEqual(['e2', 'e1']);
    expect(missing(before, [numbered(4), numbered(2)], false).map(({ id }) => id)).toEqual(['e3']);
  });

  it('keeps what it has while the server is away, and asks more often while something runs', async () => {
    const server = scene(2);
    const feed = await server.open();
    server.fail(new TypeError('away'));
    await feed.look();
    expect(feed.store.getState()).toMatchObject({ stale: true, exports: { length: 2 } });
    server.fail(refuse('token_invalid', 'Signed out.'));
    await feed.look();
    expect(feed.store.getState().stale).toBe(false);
    server.fail(null);
    server.change((rows) => [numbered(3, { status: 'rendering' }), ...rows]);
    await feed.look();
    expect(feed.store.getState()).toMatchObject({ stale: false, withdrawn: [] });
    expect(server.waits.at(-1)).toBeLessThan(server.waits[0] ?? 0);
    feed.close();
    expect(server.timers.size).toBe(0);
  });
});
