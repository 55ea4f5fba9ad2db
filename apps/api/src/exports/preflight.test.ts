import { ExportRequest, type ProjectSnapshot } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { MAX_TRACK_HOURS, preflight } from './preflight.ts';

/** A project whose tracks each have one clip of so many minutes. */
function projectOf(tracks: number, minutes: number, sampleRate = 48_000): ProjectSnapshot {
  const numbers = Array.from({ length: tracks }, (_, n) => n);
  const track = { gainDb: 0, pan: 0, muted: false, soloed: false };
  return {
    project: { sampleRate, tempo: 120 },
    tracks: numbers.map((n) => ({ ...track, id: `t${n}`, position: n })),
    clips: numbers.map((n) => ({
      id: `c${n}`,
      trackId: `t${n}`,
      assetId: 'a',
      startFrame: 0,
      offsetFrames: 0,
      lengthFrames: minutes * 60 * sampleRate,
      gainDb: 0,
    })),
    assets: [],
    plugins: [],
  } as unknown as ProjectSnapshot;
}
const options = (sampleRate: 44_100 | 48_000) => ({
  ...ExportRequest.parse({ tail: 'none' }),
  sampleRate,
});
const problemOf = (tracks: number, minutes: number, rate: 44_100 | 48_000 = 48_000) =>
  preflight(projectOf(tracks, minutes, rate), { entries: [] }, options(rate)).problem;

describe('what one export may cost', () => {
  it('is duration × tracks × rate', () => {
    expect(problemOf(MAX_TRACK_HOURS, 60)).toBeNull();
    expect(problemOf(2 * MAX_TRACK_HOURS, 30)).toBeNull();
    expect(problemOf(MAX_TRACK_HOURS + 1, 60)?.code).toBe('export_too_large');
    expect(problemOf(2 * MAX_TRACK_HOURS, 31)?.code).toBe('export_too_large');
    // The same hours at a lower rate are less work.
    expect(problemOf(MAX_TRACK_HOURS + 1, 60, 44_100)).toBeNull();
  });

  it('is said in numbers, with what to do', () => {
    expect(problemOf(64, 45)?.detail).toBe(
      '64 tracks of 45 minutes are 48 hours of audio to mix; 32 is the most. Choose a shorter range, or export in two halves.',
    );
    expect(problemOf(1, 61)?.detail).toMatch('61 minutes; 60 is the most');
  });
});
