import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RenderPlan } from './plan.ts';
import type { Stereo } from './quantum.ts';
import { OutputTrimmer, renderFrames } from './trim-output.ts';

const plan = (more: Partial<RenderPlan>): RenderPlan => ({
  sampleRate: 48_000,
  tracks: [],
  assets: new Map(),
  startFrame: 0,
  lengthFrames: 100,
  tail: 'auto',
  maxTailFrames: 300,
  quietWindowFrames: 50,
  totalLatencyFrames: 0,
  omitted: [],
  ...more,
});

/** What a trimmer makes of a signal that arrives in blocks of the given sizes (the last size repeats). */
function trimmed(p: RenderPlan, signal: Float32Array, sizes: readonly number[]): number[] {
  const trimmer = new OutputTrimmer(p);
  const out: number[] = [];
  let at = 0;
  for (let i = 0; !trimmer.done && at < signal.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] as number;
    const part = signal.subarray(at, at + size);
    for (const block of trimmer.push([part, part] as Stereo)) out.push(...block[0]);
    at += size;
  }
  expect(trimmer.done).toBe(true);
  return out;
}
/** Frame numbers, from 1, up to `loud`, then silence. */
const signal = (p: RenderPlan, loud: number) =>
  Float32Array.from({ length: renderFrames(p) + 64 }, (_, i) => (i < loud ? i + 1 : 0));

describe('OutputTrimmer', () => {
  it('cuts the same file whatever the size of the blocks', () => {
    fc.assert(
      fc.property(
        fc.record({
          lengthFrames: fc.integer({ min: 0, max: 200 }),
          maxTailFrames: fc.integer({ min: 0, max: 200 }),
          totalLatencyFrames: fc.integer({ min: 0, max: 100 }),
          tail: fc.constantFrom('auto' as const, 1),
        }),
        fc.integer({ min: 0, max: 600 }),
        fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 9 }),
        (more, loud, sizes) => {
          const p = plan(more);
          expect(trimmed(p, signal(p, loud), sizes)).toEqual(trimmed(p, signal(p, loud), [10_000]));
        },
      ),
    );
  });

  it('drops the latency and ends behind the last sound of the tail', () => {
    const p = plan({ totalLatencyFrames: 10 });
    const out = trimmed(p, signal(p, 10 + 100 + 30), [16]);
    expect(out).toEqual(Array.from({ length: 130 }, (_, i) => 11 + i));
  });

  it('waits through a gap that is shorter than the window, and not longer', () => {
    const p = plan({});
    const echo = (gap: number) => {
      const s = signal(p, 110);
      s[110 + gap] = 1;
      return trimmed(p, s, [16]).length;
    };
    expect(echo(49)).toBe(160);
    expect(echo(50)).toBe(110);
  });

  it('ends at the most when it never becomes quiet, and takes −90 dBFS for quiet', () => {
    const p = plan({});
    expect(trimmed(p, signal(p, 10_000), [64])).toHaveLength(400);
    const hiss = signal(p, 100);
    for (let i = 100; i < hiss.length; i++) hiss[i] = i < 120 ? 3.3e-5 : 3.1e-5;
    expect(trimmed(p, hiss, [64])).toHaveLength(120);
  });

  it('gives exactly the length with no tail, or with a fixed one', () => {
    const none = plan({ tail: 'none', maxTailFrames: 0 });
    expect(trimmed(none, signal(none, 1000), [64])).toHaveLength(100);
    const fixed = plan({ tail: 1, maxTailFrames: 77 });
    expect(trimmed(fixed, signal(fixed, 0), [64])).toHaveLength(177);
  });

  it('has nothing to do for an empty project', () => {
    expect(new OutputTrimmer(plan({ lengthFrames: 0, maxTailFrames: 0 })).done).toBe(true);
  });
});
