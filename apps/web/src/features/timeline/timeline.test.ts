import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draggedStart, nudgedStart } from './clip-drag.ts';
import { formatBars, formatTime, speakBars } from './format-position.ts';
import {
  clampScroll,
  secondsAt,
  snap,
  ticks,
  timeLabels,
  xOf,
  zoomAround,
  zoomToFit,
} from './time-scale.ts';
import { extremes } from './waveform.ts';

const anyView = fc.record({
  pixelsPerSecond: fc.double({ min: 1, max: 2000, noNaN: true }),
  scrollSeconds: fc.double({ min: 0, max: 600, noNaN: true }),
});
const anyTempo = fc.integer({ min: 20, max: 400 });

describe('time scale', () => {
  it('turns seconds into pixels and back', () => {
    fc.assert(
      fc.property(anyView, fc.double({ min: 0, max: 900, noNaN: true }), (view, seconds) => {
        expect(secondsAt(view, xOf(view, seconds))).toBeCloseTo(seconds, 6);
      }),
    );
  });

  it('keeps the moment under the pointer while zooming', () => {
    fc.assert(
      fc.property(
        anyView,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.integer({ min: 0, max: 1440 }),
        (view, factor, x) => {
          const next = zoomAround(view, factor, x);
          const moment = secondsAt(view, x);
          // The song's start may not leave the left edge.
          fc.pre(next.scrollSeconds > 0);
          expect(secondsAt(next, x)).toBeCloseTo(moment, 6);
        },
      ),
    );
  });

  it('fits a song into the window and stops scrolling past its end', () => {
    const view = zoomToFit(100, 1040);
    expect(view).toEqual({ pixelsPerSecond: 10, scrollSeconds: 0 });
    expect(clampScroll({ ...view, scrollSeconds: 500 }, 100, 1040).scrollSeconds).toBe(48);
    expect(clampScroll({ ...view, scrollSeconds: -5 }, 100, 1040).scrollSeconds).toBe(0);
  });

  it('draws lines that can be told apart and labels that can be read, at any zoom and tempo', () => {
    fc.assert(
      fc.property(anyView, anyTempo, (view, tempo) => {
        const lines = ticks(view, 1200, tempo);
        expect(lines.length).toBeLessThan(140);
        expect(lines.at(0)?.seconds).toBeLessThanOrEqual(view.scrollSeconds + 1e-6);
        expect(lines.at(-1)?.seconds).toBeGreaterThanOrEqual(secondsAt(view, 1200) - 1e-6);
        const labels = lines.filter((line) => line.label).map((line) => xOf(view, line.seconds));
        labels.forEach((x, i) => {
          if (i > 0) expect(x - (labels[i - 1] ?? 0)).toBeGreaterThan(55);
        });
      }),
    );
  });

  it('names bars and beats from 1', () => {
    const view = { pixelsPerSecond: 200, scrollSeconds: 0 };
    const labelled = ticks(view, 900, 120).filter((tick) => tick.label);
    expect(labelled.slice(0, 6).map((tick) => tick.label)).toEqual([
      '1',
      '1.2',
      '1.3',
      '1.4',
      '2',
      '2.2',
    ]);
    expect(labelled[4]).toEqual({ seconds: 2, level: 'bar', label: '2' });
  });

  it('labels times at round distances', () => {
    expect(timeLabels({ pixelsPerSecond: 20, scrollSeconds: 3 }, 400)).toEqual([5, 10, 15, 20]);
  });

  it('snaps to the grid, never before the start', () => {
    expect(snap(1.26, 0.5)).toBe(1.5);
    expect(snap(-3, 0.5)).toBe(0);
  });
});

describe('positions in words', () => {
  it('counts bars, beats and sixteenths from 1', () => {
    expect(formatBars(0, 120)).toBe('1.1.1');
    expect(formatBars(2.5, 120)).toBe('2.2.1');
    expect(formatBars(2.625, 120)).toBe('2.2.2');
    expect(speakBars(2.5, 120)).toBe('bar 2, beat 2');
  });

  it('does not fall back a sixteenth for a position that was rounded to frames', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), anyTempo, (sixteenths, tempo) => {
        const exact = (sixteenths * 60) / tempo / 4;
        const frames = Math.round(exact * 48_000);
        expect(formatBars(frames / 48_000, tempo)).toBe(formatBars(exact, tempo));
      }),
    );
  });

  it('writes minutes, seconds and parts', () => {
    expect(formatTime(0)).toBe('0:00');
    expect(formatTime(65.25, 3)).toBe('1:05.250');
    expect(formatTime(59.96, 1)).toBe('0:59.9');
    expect(formatTime(3725)).toBe('1:02:05');
    expect(formatTime(-1)).toBe('0:00');
  });
});

describe('clip moves', () => {
  const o = { pixelsPerSecond: 100, sampleRate: 48_000, tempo: 120, snapToBeat: true };

  it('snaps a dragged clip to beats, and not with Alt', () => {
    expect(draggedStart(48_000, { ...o, dx: 30 })).toBe(72_000);
    expect(draggedStart(48_000, { ...o, dx: 30, snapToBeat: false })).toBe(62_400);
    expect(draggedStart(48_000, { ...o, dx: -900 })).toBe(0);
  });

  it('steps from beat to beat by key, from anywhere', () => {
    expect(nudgedStart({ startFrame: 0 }, 1, { ...o, fine: false })).toBe(24_000);
    expect(nudgedStart({ startFrame: 30_000 }, 1, { ...o, fine: false })).toBe(48_000);
    expect(nudgedStart({ startFrame: 30_000 }, -1, { ...o, fine: false })).toBe(24_000);
    expect(nudgedStart({ startFrame: 0 }, -1, { ...o, fine: false })).toBe(0);
    expect(nudgedStart({ startFrame: 480 }, 1, { ...o, fine: true })).toBe(960);
  });

  it('always gets on, at tempos whose beats are not whole frames', () => {
    fc.assert(
      fc.property(anyTempo, fc.nat(500_000), (tempo, startFrame) => {
        const step = { tempo, sampleRate: 44_100, fine: false };
        const next = nudgedStart({ startFrame }, 1, step);
        expect(next).toBeGreaterThan(startFrame);
        expect(nudgedStart({ startFrame: next }, 1, step)).toBeGreaterThan(next);
      }),
    );
  });
});

describe('waveform', () => {
  const peaks = { framesPerPeak: 100, values: Int8Array.of(-127, 127, 0, 0, -64, 32) };

  it('takes the extremes of all peaks in a run', () => {
    expect(extremes(peaks, 0, 300)).toEqual({ min: -1, max: 1 });
    expect(extremes(peaks, 100, 200)).toEqual({ min: 0, max: 0 });
    expect(extremes(peaks, 100, 300).min).toBeCloseTo(-64 / 127);
  });

  it('interpolates within a peak and is silent past the end', () => {
    expect(extremes(peaks, 98, 102).max).toBeCloseTo(0.5);
    expect(extremes(peaks, 1000, 1200)).toEqual({ min: 0, max: 0 });
    expect(extremes({ framesPerPeak: 100, values: new Int8Array() }, 0, 5)).toEqual({
      min: 0,
      max: 0,
    });
  });
});
