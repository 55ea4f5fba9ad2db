import { describe, expect, it } from 'vitest';
import { Rest } from './rest.ts';

function setUp(gap = 0) {
  const calls: string[] = [];
  const context = {
    state: 'running',
    currentTime: 0,
    // Browsers suspend in a while: until then the state says that it runs.
    suspend: () => Promise.resolve(void calls.push('suspend')),
    resume: () => Promise.resolve(void calls.push('resume')),
  };
  const host = { busy: false };
  const rest = new Rest(context, {
    busy: () => host.busy,
    longestGapSeconds: () => gap,
    onRest: () => calls.push('rest'),
  });
  /** Reports of one level, ten a second, for some seconds. */
  const hear = (peak: number, seconds: number) => {
    for (let i = 0; i < seconds * 10; i++) {
      context.currentTime += 0.1;
      rest.heard(peak);
    }
  };
  return { rest, calls, context, host, hear };
}

describe('Rest', () => {
  it('lets the audio sleep once two seconds have been silent, and once only', () => {
    const { calls, hear, rest } = setUp();
    hear(0.5, 5);
    hear(0, 1.9);
    expect(calls).toEqual([]);
    hear(0, 5);
    expect(calls).toEqual(['rest', 'suspend']);
    expect(rest.asleep).toBe(true);
  });

  it('waits for what still rings, and for echoes that may come back', () => {
    const { calls, hear } = setUp(4);
    hear(0.001, 20);
    hear(0, 3);
    hear(0.0001, 1);
    hear(0, 3.9);
    expect(calls).toEqual([]);
    hear(0, 1);
    expect(calls).toEqual(['rest', 'suspend']);
  });

  it('never sleeps while something plays or the graph is being rebuilt', () => {
    const { calls, host, hear } = setUp();
    host.busy = true;
    hear(0, 10);
    expect(calls).toEqual([]);
    host.busy = false;
    hear(0, 2.2);
    expect(calls).toEqual(['rest', 'suspend']);
  });

  it('stays awake for as long as things change', () => {
    const { calls, hear, rest } = setUp();
    for (let i = 0; i < 5; i++) {
      hear(0, 1.5);
      rest.stay();
    }
    expect(calls).toEqual([]);
  });

  it('wakes even where the suspension has not taken effect yet', async () => {
    const { calls, hear, rest, context } = setUp();
    hear(0, 3);
    expect(context.state).toBe('running');
    await rest.wake();
    expect(calls).toEqual(['rest', 'suspend', 'resume']);
    expect(rest.asleep).toBe(false);
    await rest.wake();
    expect(calls).toHaveLength(3);
  });

  it('wakes a context that a browser has not let run so far', async () => {
    const { calls, rest, context } = setUp();
    context.state = 'suspended';
    await rest.wake();
    expect(calls).toEqual(['resume']);
  });
});
