import { describe, expect, it } from 'vitest';
import { mergeChanged } from './merge-changed.ts';
import { MeterBoard } from './meter-board.ts';
import { StallDetector } from './stall-detector.ts';

describe('StallDetector', () => {
  const looks = (detector: StallDetector, times: readonly number[], running = true) =>
    times.map((currentTime) => detector.look({ currentTime, running }));

  it('gives a thread up that stands still for about a second', () => {
    expect(looks(new StallDetector(), [1, 1, 1, 1, 1, 1])).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('starts anew with every sign of life, and does not judge what is paused or only just begins', () => {
    expect(looks(new StallDetector(), [1, 1, 1, 1, 2, 2, 2, 2, 3])).not.toContain(true);
    expect(looks(new StallDetector(), new Array(20).fill(5), false)).not.toContain(true);
    expect(looks(new StallDetector(), new Array(20).fill(0))).not.toContain(true);
  });
});

describe('mergeChanged', () => {
  const before = { gain: 1, pan: 0 };
  it('takes what a snapshot changes and keeps what was set here', () => {
    expect(mergeChanged(before, { gain: 2, pan: 0 }, { gain: 1, pan: 0.5 })).toEqual({
      gain: 2,
      pan: 0.5,
    });
    expect(mergeChanged(before, before, { gain: 7, pan: 0 })).toEqual({ gain: 7, pan: 0 });
    expect(mergeChanged(undefined, before, undefined)).toEqual(before);
  });
});

describe('MeterBoard', () => {
  it('holds peaks until they are read', () => {
    const board = new MeterBoard();
    board.update(['a', 'master'], Float32Array.of(0.5, 0.25, 0.125, 0, 1, 1, 1, 1));
    board.update(['a'], Float32Array.of(0.25, 0.75, 0.0625, 0));
    expect(board.read('a')).toEqual({ peak: [0.5, 0.75], rms: [0.0625, 0] });
    expect(board.read('a')).toEqual({ peak: [0, 0], rms: [0.0625, 0] });
    expect(board.read('nobody').peak).toEqual([0, 0]);
  });
});
