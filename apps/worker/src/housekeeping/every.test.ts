import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { every } from './every.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('every', () => {
  it('works now and then after each end, also after a failure', async () => {
    const onError = vi.fn();
    const work = vi.fn(async () => undefined);
    work.mockRejectedValueOnce(new Error('down'));
    const task = every(100, work, onError);
    await vi.advanceTimersByTimeAsync(250);
    expect(work).toHaveBeenCalledTimes(3);
    expect(onError).toHaveBeenCalledOnce();
    await task.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(work).toHaveBeenCalledTimes(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never overlaps, and stops after what is under way', async () => {
    const slow = Promise.withResolvers<void>();
    const work = vi.fn(() => slow.promise);
    const task = every(10, work, () => undefined);
    await vi.advanceTimersByTimeAsync(100);
    expect(work).toHaveBeenCalledOnce();
    let stopped = false;
    const stopping = task.stop().then(() => (stopped = true));
    await vi.advanceTimersByTimeAsync(0);
    expect(stopped).toBe(false);
    slow.resolve();
    await stopping;
    await vi.advanceTimersByTimeAsync(100);
    expect(work).toHaveBeenCalledOnce();
  });
});
