import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startClaimLoop } from './claim-loop.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue of numbers and exports that run until they are told to end. */
function setUp(queue: number[], slots = 2) {
  const ends = new Map<number, () => void>();
  const handedBack: number[] = [];
  const onError = vi.fn();
  const claim = vi.fn(async (free: number) => queue.splice(0, free));
  const loop = startClaimLoop<number>({
    slots,
    pollMs: 2000,
    claim,
    run: (n) => new Promise((resolve) => void ends.set(n, resolve)),
    handBack: async (n) => void handedBack.push(n),
    onError,
  });
  const end = async (n: number) => {
    ends.get(n)?.();
    ends.delete(n);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { loop, queue, ends, end, claim, handedBack, onError };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the claim loop', () => {
  it('fills its slots and no more, and takes the next as soon as one is free', async () => {
    const { loop, ends, end } = setUp([1, 2, 3, 4]);
    await settle();
    expect([...ends.keys()]).toEqual([1, 2]);
    await end(1);
    expect([...ends.keys()]).toEqual([2, 3]);
    expect(loop.running).toBe(2);
    for (const n of [2, 3]) await end(n);
    await end(4);
    await loop.stop();
  });

  it('looks again when woken, at once, and on its own after the poll interval', async () => {
    const { loop, queue, ends, end } = setUp([]);
    await settle();
    queue.push(7);
    loop.wake();
    await settle();
    expect([...ends.keys()]).toEqual([7]);
    queue.push(8);
    await vi.advanceTimersByTimeAsync(1999);
    expect([...ends.keys()]).toEqual([7]);
    await vi.advanceTimersByTimeAsync(1);
    expect([...ends.keys()]).toEqual([7, 8]);
    await end(7);
    await end(8);
    await loop.stop();
  });

  it('does not lose a wake that comes during a claim', async () => {
    const { loop, queue, ends, end, claim } = setUp([]);
    await settle();
    claim.mockImplementationOnce(async () => {
      queue.push(5);
      loop.wake();
      return [];
    });
    loop.wake();
    await settle();
    expect([...ends.keys()]).toEqual([5]);
    await end(5);
    await loop.stop();
  });

  it('goes on after an error of the database', async () => {
    const { loop, ends, end, claim, onError } = setUp([1]);
    claim.mockRejectedValueOnce(new Error('down'));
    await settle();
    await vi.advanceTimersByTimeAsync(2000);
    expect(onError).toHaveBeenCalledOnce();
    expect([...ends.keys()]).toEqual([1]);
    await end(1);
    await loop.stop();
  });

  it('hands back what a claim brings while it stops, and waits for what runs', async () => {
    const { loop, ends, end, claim, handedBack } = setUp([1]);
    await settle();
    const late = Promise.withResolvers<number[]>();
    claim.mockReturnValueOnce(late.promise);
    loop.wake();
    await settle();
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    late.resolve([2]);
    await settle();
    expect(handedBack).toEqual([2]);
    expect(stopped).toBe(false);
    expect([...ends.keys()]).toEqual([1]);
    await end(1);
    await stopping;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never runs more than its slots, and everything in the end', async () => {
    const step = fc.record({ add: fc.nat(3), endOne: fc.boolean(), wake: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step), async (slots, steps) => {
        const { loop, queue, ends, end } = setUp([], slots);
        let added = 0;
        let ended = 0;
        const endFirst = async () => {
          const [first] = ends.keys();
          if (first === undefined) return;
          ended++;
          await end(first);
        };
        for (const { add, endOne, wake } of steps) {
          for (let i = 0; i < add; i++) queue.push(added++);
          if (wake) loop.wake();
          if (endOne) await endFirst();
          await settle();
          expect(ends.size).toBeLessThanOrEqual(slots);
        }
        loop.wake();
        await settle();
        while (ends.size > 0) await endFirst();
        expect(ended).toBe(added);
        await loop.stop();
      }),
    );
  });
});
