import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSubscription } from './subscription.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a subscription', () => {
  it('remembers once what nobody was waiting for', async () => {
    const subscription = createSubscription(() => {});
    subscription.wake();
    subscription.wake();
    expect(await subscription.next(1000)).toBe('changed');
    const next = subscription.next(1000);
    vi.advanceTimersByTime(1000);
    expect(await next).toBe('silence');
  });

  it('wakes whoever waits, and leaves no timer behind', async () => {
    const subscription = createSubscription(() => {});
    const next = subscription.next(1000);
    subscription.wake();
    expect(await next).toBe('changed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['left', 'shutting_down'] as const)(
    'once it has %s, wakes for nothing else',
    async (end) => {
      const onLeave = vi.fn();
      const subscription = createSubscription(onLeave);
      const next = subscription.next(1000);
      const act = () => (end === 'left' ? subscription.leave() : subscription.shutDown());
      act();
      act();
      subscription.wake();
      expect([await next, await subscription.next(1000)]).toEqual([end, end]);
      expect(onLeave).toHaveBeenCalledTimes(end === 'left' ? 1 : 0);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('leaves after a shut-down too, once', async () => {
    const onLeave = vi.fn();
    const subscription = createSubscription(onLeave);
    subscription.shutDown();
    subscription.leave();
    subscription.leave();
    expect(onLeave).toHaveBeenCalledTimes(1);
    expect(await subscription.next(1000)).toBe('left');
  });
});
