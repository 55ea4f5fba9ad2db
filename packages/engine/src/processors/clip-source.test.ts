import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStereo, QUANTUM } from '../quantum.ts';
import { ChunkStore } from './chunk-store.ts';
import { ClipSource, type SourceClip } from './clip-source.ts';

const CHUNK = 200;
const ASSET = 1500;
/** Sample of the asset at a frame: left is the frame, right its negative. */
const store = () => {
  const chunks = new ChunkStore(CHUNK);
  for (let index = 0; index * CHUNK < ASSET; index++) {
    const frames = Math.min(CHUNK, ASSET - index * CHUNK);
    const chunk = Float32Array.from({ length: frames * 2 }, (_, i) => {
      const frame = index * CHUNK + (i >> 1) + 1;
      return i % 2 ? -frame : frame;
    });
    chunks.add('a', index, chunk);
  }
  return chunks;
};
const clip = fc.record<SourceClip>({
  assetId: fc.constant('a'),
  channels: fc.constant(2),
  startFrame: fc.integer({ min: 0, max: 1500 }),
  offsetFrames: fc.integer({ min: 0, max: 1600 }),
  lengthFrames: fc.integer({ min: 1, max: 1500 }),
  gain: fc.constantFrom(1, 0.5, 2),
});
const playing = (position: number, reset = false) => ({
  position,
  reset,
  sourceFrom: 1,
  sourceTo: 1,
});

/** What the timeline says a frame should be. */
function expected(clips: readonly SourceClip[], frame: number): number {
  let sum = 0;
  for (const c of [...clips].sort((a, b) => a.startFrame - b.startFrame)) {
    const at = frame - c.startFrame;
    const asset = c.offsetFrames + at;
    if (at >= 0 && at < c.lengthFrames && asset < ASSET) sum += (asset + 1) * c.gain;
  }
  return sum;
}

function render(source: ClipSource, from: number, blocks: number, frames = QUANTUM) {
  const left: number[] = [];
  const out = createStereo(frames);
  for (let b = 0; b < blocks; b++) {
    source.process(out, playing(from + b * frames, b === 0));
    left.push(...out[0]);
  }
  return left;
}

describe('ClipSource', () => {
  it('plays any arrangement of clips exactly, from any frame, in blocks of any size', () => {
    fc.assert(
      fc.property(
        fc.array(clip, { maxLength: 6 }),
        fc.integer({ min: 0, max: 2000 }),
        fc.constantFrom(QUANTUM, 512),
        (clips, from, frames) => {
          const source = new ClipSource(store(), { exact: true, frames });
          source.setClips(clips);
          const left = render(source, from, 4, frames);
          expect(left).toEqual(left.map((_, i) => expected(clips, from + i)));
        },
      ),
    );
  });

  const whole: SourceClip = {
    assetId: 'a',
    channels: 2,
    startFrame: 0,
    offsetFrames: 0,
    lengthFrames: ASSET,
    gain: 1,
  };

  it('says when audio is missing, which sounds as silence, and fades its return in', () => {
    const chunks = store();
    chunks.drop('a', 1);
    const source = new ClipSource(chunks, { exact: false, frames: QUANTUM });
    source.setClips([whole]);
    const out = createStereo(QUANTUM);
    expect(source.process(out, playing(0, true))).toBe(false);
    expect(source.process(out, playing(128))).toBe(true);
    expect([out[0][71], out[0][72]]).toEqual([200, 0]);
    chunks.add('a', 1, new Float32Array(2 * CHUNK).fill(1));
    expect(source.process(out, playing(256))).toBe(false);
    expect([out[0][0], out[0][64]]).toEqual([0, 0.25]);
  });

  it('fades in live when it starts inside a clip, never at the start of one or at export', () => {
    const first = (exact: boolean, from: number) => {
      const source = new ClipSource(store(), { exact, frames: QUANTUM });
      source.setClips([{ ...whole, startFrame: 10 }]);
      return render(source, from, 1);
    };
    expect(first(false, 300)[0]).toBe(0);
    expect(first(false, 300)[64]).toBe((300 - 10 + 64 + 1) / 4);
    expect(first(false, 10)[0]).toBe(1);
    expect(first(true, 300)[0]).toBe(291);
  });

  it('finds the clips again after a jump backwards', () => {
    const source = new ClipSource(store(), { exact: false, frames: QUANTUM });
    source.setClips([{ ...whole, lengthFrames: 200 }]);
    render(source, 1000, 2);
    expect(render(source, 0, 1)[5]).toBe(6);
  });

  it('crossfades an edit of the clips while it plays', () => {
    const flat = new ChunkStore(CHUNK);
    flat.add('a', 0, new Float32Array(2 * CHUNK).fill(1));
    flat.add('b', 0, new Float32Array(2 * CHUNK).fill(1));
    for (let i = 1; i < 8; i++) {
      flat.add('a', i, new Float32Array(2 * CHUNK).fill(1));
      flat.add('b', i, new Float32Array(2 * CHUNK).fill(1));
    }
    const source = new ClipSource(flat, { exact: false, frames: QUANTUM });
    source.setClips([whole]);
    render(source, 0, 1);
    source.setClips([{ ...whole, assetId: 'b', gain: 0 }]);
    const out = createStereo(QUANTUM);
    const left = [1, 2, 3].flatMap((b) => {
      source.process(out, playing(b * QUANTUM));
      return [...out[0]];
    });
    expect([left[0], left[128], left[256]]).toEqual([1, 0.5, 0]);
  });

  it('makes silence of samples that are not finite', () => {
    const chunks = new ChunkStore(CHUNK);
    chunks.add('a', 0, Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, 2));
    expect(chunks.get('a', 0)).toEqual(Float32Array.of(0, 1, 0, 2));
    expect(chunks.bytes).toBe(16);
    chunks.drop('a', 0);
    expect(chunks.bytes).toBe(0);
  });
});
