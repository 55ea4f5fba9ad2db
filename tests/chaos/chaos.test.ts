import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults.ts';
import { storm } from './storm.ts';
import { replay } from './verify.ts';

describe('a storm of faults', () => {
  it('loses nothing, does nothing twice and passes no limit', { timeout: 600_000 }, async () => {
    const report = await storm({
      apis: 2,
      workers: 2,
      people: 3,
      exports: 16,
      kills: FAULTS.length,
      slots: 3,
      perUser: 2,
      queuedPerUser: 10,
    });
    expect(report.accepted).toBeGreaterThanOrEqual(16);
    expect(report).toMatchObject({
      lost: 0,
      doubled: 0,
      overLimit: 0,
      wrong: 0,
      illegal: 0,
      halfUploaded: 0,
    });
    expect(report.struck).toHaveLength(FAULTS.length);
  });
});

describe('replay', () => {
  const step = (id: string, by: string, from: string | null, to: string) => ({ id, by, from, to });
  const limits = { slots: 2, perUser: 1 };
  const begun = (id: string, by: string) => [
    step(id, by, null, 'queued'),
    step(id, by, 'queued', 'rendering'),
  ];

  it('finds nothing in a log that keeps to the limits', () => {
    const log = [
      ...begun('a', 'ann'),
      ...begun('b', 'ben'),
      step('a', 'ann', 'rendering', 'encoding'),
    ];
    expect(replay(log, limits)).toEqual({ overLimit: 0, illegal: 0 });
  });

  it('counts one too many of a person, one too many of all, and steps out of nowhere', () => {
    expect(replay([...begun('a', 'ann'), ...begun('b', 'ann')], limits).overLimit).toBe(1);
    const three = [...begun('a', 'ann'), ...begun('b', 'ben'), ...begun('c', 'cem')];
    expect(replay(three, limits).overLimit).toBe(1);
    expect(replay([step('a', 'ann', 'rendering', 'completed')], limits).illegal).toBe(1);
  });
});
