import { TICK_MS } from '@mixdown/contract';
import { expect, it } from 'vitest';
import { createVirtualClock } from '../../../../tests/support/virtual-clock.ts';
import type { Identity } from '../auth/identity.ts';
import { NO_METRICS } from './gateway-metrics.ts';
import { PERSIST_MS } from './hold.ts';
import { createHolds } from './holds.ts';
import type { KnownPlugin } from './room-plugins.ts';

const identity: Identity = {
  userId: 'u',
  email: null,
  role: 'pro',
  sessionId: null,
  claims: { sub: 'u' },
};
const pluginOf = (h: number): KnownPlugin => ({
  h,
  id: `plugin-${h}`,
  k: 'k',
  trackId: 't',
  parameters: [],
});

/** Hands that hold a plugin each, over a log that takes `latencyMs` and notes when each write came. */
function hands(count: number, latencyMs = 5) {
  const clock = createVirtualClock();
  const writes: { readonly at: number; readonly plugin: string; readonly n: number }[] = [];
  const holds = createHolds({
    projectId: 'p',
    authority: {
      async writeParams({ pluginId, n }) {
        writes.push({ at: clock.now(), plugin: pluginId, n });
        await new Promise<void>((done) => clock.setTimer(done, latencyMs));
        return writes.length;
      },
    },
    clock,
    metrics: NO_METRICS,
    tell() {},
    show() {},
    seal() {},
    logged() {},
    lost() {},
  });
  const held = Array.from({ length: count }, (_, h) =>
    holds.begin({ plugin: pluginOf(h), session: `s${h}`, fence: 1, identity, n: 0, before: 0 }),
  );
  const move = (h: number, n: number, fin = false) => {
    const hold = held[h];
    if (hold) holds.receive(hold, { t: 'pf', h, f: 1, n, v: [0, n], ...(fin && { fin: 1 }) });
  };
  return { clock, writes, move };
}

it('writes hands that move at the same moments before long, none of them late', async () => {
  const { clock, writes, move } = hands(5);
  for (let n = 1; n <= 100; n++) {
    for (let h = 0; h < 5; h++) {
      move(h, n);
      await clock.advanceAsync(TICK_MS / 5);
    }
  }
  const steady = writes.filter(({ at }) => at > 12 * PERSIST_MS);
  const moments = new Map<number, number>();
  for (const { at } of steady) moments.set(at, (moments.get(at) ?? 0) + 1);
  expect([...moments.values()].every((together) => together === 5)).toBe(true);
  expect([...moments.keys()].every((at) => at % TICK_MS === 0)).toBe(true);
  for (let h = 0; h < 5; h++) {
    const own = writes.filter(({ plugin }) => plugin === `plugin-${h}`).map(({ at }) => at);
    const gaps = own.slice(1).map((at, i) => at - (own[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(PERSIST_MS - 4);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(PERSIST_MS + 2 * TICK_MS);
  }
});

it('writes what a hand has set last, with no further frame and no release', async () => {
  const { clock, writes, move } = hands(1);
  move(0, 1);
  await clock.advanceAsync(50);
  move(0, 2);
  await clock.advanceAsync(1000);
  expect(writes.map(({ n }) => n)).toEqual([1, 2]);
  expect(clock.pending()).toBe(0);
});

it('writes a release at once, also of a hand that waits for its moment', async () => {
  const { clock, writes, move } = hands(2);
  move(0, 1);
  move(1, 1);
  await clock.advanceAsync(50);
  move(0, 2);
  move(1, 2);
  await clock.advanceAsync(10);
  move(0, 3, true);
  expect(writes.at(-1)).toEqual({ at: 60, plugin: 'plugin-0', n: 3 });
  await clock.advanceAsync(1000);
  expect(writes.filter(({ plugin }) => plugin === 'plugin-0')).toHaveLength(2);
  expect(writes.filter(({ plugin }) => plugin === 'plugin-1')).toHaveLength(2);
});
