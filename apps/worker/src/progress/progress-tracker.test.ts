import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressTracker } from './progress-tracker.ts';
import { type Stage, stageWeights } from './stage-weights.ts';

const weights = stageWeights({ format: 'wav', normalize: null, sampleRate: 48_000 }, 48_000);

describe('ProgressTracker', () => {
  it('extrapolates the time left from the pace so far', () => {
    let now = 5000;
    const tracker = new ProgressTracker(
      { rendering: 0.8, encoding: 0.1, uploading: 0.1 },
      () => now,
    );
    expect(tracker.current()).toEqual({ stage: 'rendering', fraction: 0, etaSeconds: null });
    now += 4000;
    tracker.report('rendering', 50, 100);
    expect(tracker.current()).toEqual({ stage: 'rendering', fraction: 0.4, etaSeconds: 6 });
    now += 2000;
    tracker.report('encoding', 0, 100);
    expect(tracker.current()).toEqual({ stage: 'encoding', fraction: 0.8, etaSeconds: 1.5 });
    now += 1500;
    tracker.report('uploading', 7, 7);
    expect(tracker.current()).toEqual({ stage: 'uploading', fraction: 1, etaSeconds: 0 });
  });

  it('never runs backwards or out of 0…1, whatever is reported', () => {
    const report = fc.record({
      stage: fc.constantFrom<Stage>('rendering', 'encoding', 'uploading'),
      done: fc.integer({ min: -10, max: 200 }),
      total: fc.integer({ min: 0, max: 150 }),
      wait: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        let now = 0;
        const tracker = new ProgressTracker(weights, () => now);
        let last = 0;
        for (const { stage, done, total, wait } of reports) {
          now += wait;
          tracker.report(stage, done, total);
          const { fraction, etaSeconds } = tracker.current();
          expect(fraction).toBeGreaterThanOrEqual(last);
          expect(fraction).toBeLessThanOrEqual(1);
          if (etaSeconds !== null) expect(etaSeconds).toBeGreaterThanOrEqual(0);
          last = fraction;
        }
      }),
    );
  });
});

describe('stageWeights', () => {
  it('adds up to 1 and gives slow encoders more', () => {
    const all = (['wav', 'flac', 'mp3'] as const).map((format) =>
      stageWeights(
        { format, normalize: { lufs: -14, ceilingDbtp: -1 }, sampleRate: 44_100 },
        48_000,
      ),
    );
    for (const w of all) expect(w.rendering + w.encoding + w.uploading).toBeCloseTo(1, 12);
    expect(all[0]!.encoding).toBeLessThan(all[1]!.encoding);
    expect(all[1]!.encoding).toBeLessThan(all[2]!.encoding);
  });
});
