import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stereo } from '../quantum.ts';
import { SumTree } from './sum-tree.ts';

const FRAMES = 4;
const block = fc
  .array(fc.float({ noNaN: true, min: -8, max: 8 }), { minLength: FRAMES, maxLength: FRAMES })
  // Strips never put out −0.
  .map((values) => Float32Array.from(values, (v) => v + 0));
const track = fc.tuple(block, block);
const sum = (tracks: readonly (Stereo | null)[]): number[] => {
  const out: Stereo = [new Float32Array(FRAMES), new Float32Array(FRAMES)];
  new SumTree(FRAMES).sum(tracks, out);
  return [...out[0], ...out[1]];
};

/** The definition: pair neighbours, level by level. */
function paired(values: readonly number[]): number {
  let level = [...values];
  while (level.length > 1) {
    const next: number[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const a = level[i] as number;
      next.push(i + 1 < level.length ? Math.fround(a + (level[i + 1] as number)) : a);
    }
    level = next;
  }
  return level[0] ?? 0;
}

describe('SumTree', () => {
  it('is the pairwise sum, for any number of tracks', () => {
    fc.assert(
      fc.property(fc.array(track, { maxLength: 20 }), (tracks) => {
        const expected = [0, 1].flatMap((c) =>
          Array.from({ length: FRAMES }, (_, i) =>
            paired(tracks.map((t) => (t[c] as Float32Array)[i] as number)),
          ),
        );
        expect(sum(tracks)).toEqual(expected);
      }),
    );
  });

  it('takes a silent track for silence in its place', () => {
    fc.assert(
      fc.property(fc.array(fc.option(track), { maxLength: 20 }), (tracks) => {
        const silence: Stereo = [new Float32Array(FRAMES), new Float32Array(FRAMES)];
        expect(sum(tracks)).toEqual(sum(tracks.map((t) => t ?? silence)));
      }),
    );
  });

  it('leaves its inputs as they are and can be used again', () => {
    fc.assert(
      fc.property(fc.array(fc.option(track), { minLength: 1, maxLength: 9 }), (tracks) => {
        const copy = structuredClone(tracks);
        const tree = new SumTree(FRAMES);
        const out: Stereo = [new Float32Array(FRAMES), new Float32Array(FRAMES)];
        tree.sum(tracks, out);
        const first = structuredClone(out);
        tree.sum(tracks, out);
        expect(out).toEqual(first);
        expect(tracks).toEqual(copy);
      }),
    );
  });
});
