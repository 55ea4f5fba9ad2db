import { EXPORT_STATUSES } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertAt, moveTo, removeFrom } from './chain.ts';
import { canTransition, EXPORT_TRANSITIONS, isActive, isRunning } from './export-states.ts';
import { stripGains, stripGainsOf } from './strip-gains.ts';

describe('chain edits', () => {
  const chains = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 16 });
  it('moving keeps every plugin once, puts the moved one in place and the rest in order', () => {
    fc.assert(
      fc.property(chains, fc.nat(), fc.nat(20), (chain, pick, position) => {
        const id = chain[pick % chain.length] ?? '';
        const moved = moveTo(chain, id, position);
        expect([...moved].sort()).toEqual([...chain].sort());
        expect(moved.indexOf(id)).toBe(Math.min(position, chain.length - 1));
        expect(removeFrom(moved, id)).toEqual(removeFrom(chain, id));
      }),
    );
  });
  it('insert and remove cancel out', () => {
    fc.assert(
      fc.property(chains, fc.nat(20), (chain, position) => {
        expect(removeFrom(insertAt(chain, 'new', position), 'new')).toEqual(chain);
      }),
    );
  });
  it('moving a stranger changes nothing', () =>
    expect(moveTo(['a', 'b'], 'x', 0)).toEqual(['a', 'b']));
});

describe('export states', () => {
  it('never leaves revoked, repeats what has ended without a file, and reaches completed only by uploading', () => {
    for (const ended of ['failed', 'canceled', 'expired'] as const) {
      expect(EXPORT_TRANSITIONS[ended]).toEqual(['queued']);
    }
    expect(EXPORT_TRANSITIONS.revoked).toEqual([]);
    expect(EXPORT_STATUSES.filter((s) => canTransition(s, 'completed'))).toEqual(['uploading']);
  });
  it('calls running what a worker holds', () => {
    expect(EXPORT_STATUSES.filter(isRunning)).toEqual(['rendering', 'encoding', 'uploading']);
    expect(EXPORT_STATUSES.filter(isActive)).toEqual([
      'queued',
      'rendering',
      'encoding',
      'uploading',
    ]);
  });
});

describe('strip gains', () => {
  const track = { gainDb: 0, pan: 0, muted: false, soloed: false };
  it('is unity in the centre', () =>
    expect(stripGains(track, true)).toEqual({ left: 1, right: 1 }));
  it('silences the far side at the end of the travel', () => {
    expect(stripGains({ ...track, pan: 1 }, true)).toEqual({ left: 0, right: 1 });
    expect(stripGains({ ...track, pan: -1 }, true)).toEqual({ left: 1, right: 0 });
  });
  it('is silent at the fader’s bottom and when muted', () => {
    expect(stripGains({ ...track, gainDb: -60 }, true)).toEqual({ left: 0, right: 0 });
    expect(stripGainsOf([{ ...track, muted: true }])).toEqual([{ left: 0, right: 0 }]);
  });
  it('solo silences the others; mute wins over solo', () => {
    const gains = stripGainsOf([
      { ...track, soloed: true },
      track,
      { ...track, soloed: true, muted: true },
    ]);
    expect(gains.map((g) => g.left)).toEqual([1, 0, 0]);
  });
  it('holds float32 values, so that every renderer multiplies by the same number', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -59, max: 12, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (gainDb, pan) => {
          const { left, right } = stripGains({ ...track, gainDb, pan }, true);
          expect([Math.fround(left), Math.fround(right)]).toEqual([left, right]);
          expect(Math.max(left, right)).toBeCloseTo(10 ** (gainDb / 20), 5);
        },
      ),
    );
  });
});
