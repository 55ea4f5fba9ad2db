import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanTrack } from '../plan.ts';
import { assignTracks } from './assign-tracks.ts';

const track = (slots: number, audible = true): PlanTrack =>
  ({
    audible,
    slots: Array.from({ length: slots }, () => ({ entry: { category: 'eq' }, bypassed: false })),
  }) as unknown as PlanTrack;

describe('assignTracks', () => {
  it('gives every track that is heard to exactly one thread', () => {
    const tracks = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(tracks, fc.integer({ min: 1, max: 8 }), (list, threads) => {
        const plan = list.map(([slots, audible]) => track(slots, audible));
        const shares = assignTracks(plan, threads);
        const heard = plan.flatMap((t, i) => (t.audible ? [i] : []));
        expect(shares.flat().sort((a, b) => a - b)).toEqual(heard);
        expect(shares.length).toBeLessThanOrEqual(threads);
        expect(shares.every((share) => share.length > 0)).toBe(true);
      }),
    );
  });

  it('spreads the work evenly', () => {
    const shares = assignTracks([track(4), track(1), track(1), track(1), track(1)], 2);
    expect(shares).toEqual([[0], [1, 2, 3, 4]]);
  });
});
