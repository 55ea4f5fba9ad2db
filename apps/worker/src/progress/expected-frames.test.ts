import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectedFrames } from './expected-frames.ts';

const RATE = 48_000;
const song = 45 * RATE;
const share = (renderedFrames: number, tailSeconds: number) => {
  const totalFrames = song + tailSeconds * RATE;
  const { done, total } = expectedFrames({ renderedFrames, songFrames: song, totalFrames }, RATE);
  return done / total;
};

it('does not count with a minute of tail that nobody will hear', () => {
  expect(share(song / 2, 60)).toBeGreaterThan(0.4);
  expect(share(song, 60)).toBeGreaterThan(0.85);
});

it('counts exactly where the tail is short or of a given length', () => {
  expect(share(song, 5)).toBeCloseTo(45 / 50, 12);
  expect(share(song + 5 * RATE, 5)).toBe(1);
  expect(share(song, 0)).toBe(1);
});

it('never runs backwards and never claims to be done before it is', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(499), fc.integer({ min: 1, max: 60 }), (tail, at, step) => {
      const until = (seconds: number) => Math.min(song + tail * RATE, seconds * RATE);
      const now = share(until(at), tail);
      expect(share(until(at + step), tail)).toBeGreaterThanOrEqual(now);
      if (until(at) < song + tail * RATE) expect(now).toBeLessThan(1);
    }),
  );
});
