import { describe, expect, it } from 'vitest';
import { expectedWait } from './expected-wait.ts';

const START = '2026-01-25T10:00:00.000Z';

/** An export of a minute of music that took so many seconds. */
const took = (seconds: number, reused = false) => ({
  status: 'completed' as const,
  startedAt: START,
  completedAt: new Date(Date.parse(START) + seconds * 1000).toISOString(),
  result: { durationSeconds: 60, reused },
});
const unfinished = (status: 'queued' | 'encoding' | 'failed') => ({
  status,
  startedAt: START,
  completedAt: null,
  result: null,
});

describe('the time that an export will take', () => {
  it('follows from what the plugins cost where nothing has been exported yet', () => {
    expect(expectedWait(60, { cpuShare: 0.1, exports: [] })).toEqual({ seconds: 9, ahead: 0 });
    expect(expectedWait(60, { cpuShare: 1, exports: [] }).seconds).toBe(36);
  });

  it('follows from the last export that was rendered', () => {
    const exports = [unfinished('failed'), took(1, true), took(33), took(300)];
    expect(expectedWait(120, { cpuShare: 9, exports }).seconds).toBeCloseTo(63);
  });

  it('counts those that are ahead', () => {
    const exports = [unfinished('queued'), unfinished('encoding'), took(9)];
    expect(expectedWait(60, { cpuShare: 0.1, exports }).ahead).toBe(2);
  });
});
