import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkKey, neededChunks } from './chunks.ts';
import { ChunkStore } from './processors/chunk-store.ts';
import { ClipSource, type SourceClip } from './processors/clip-source.ts';
import { createStereo } from './quantum.ts';

const CHUNK = 100;
const LENGTHS: Readonly<Record<string, number>> = { a: 950, b: 120 };
const clip = fc.record<SourceClip>({
  assetId: fc.constantFrom('a', 'b'),
  channels: fc.constant(1),
  startFrame: fc.integer({ min: 0, max: 900 }),
  offsetFrames: fc.integer({ min: 0, max: 900 }),
  lengthFrames: fc.integer({ min: 1, max: 900 }),
  gain: fc.constant(1),
});
const frame = fc.integer({ min: 0, max: 2000 });
const lengthOf = (id: string) => LENGTHS[id] ?? 0;

describe('neededChunks', () => {
  it('names exactly what a source then asks for, once each', () => {
    fc.assert(
      fc.property(fc.array(clip, { maxLength: 5 }), frame, frame, (clips, from, length) => {
        const needed = neededChunks(clips, { from, to: from + length + 1 }, CHUNK, lengthOf);
        const keys = needed.map(chunkKey);
        expect(new Set(keys).size).toBe(keys.length);
        const store = new ChunkStore(CHUNK);
        const used = new Set<string>();
        store.get = (assetId, index) => {
          // A source may ask beyond the asset's end; there is nothing to give.
          if (index * CHUNK < lengthOf(assetId)) used.add(chunkKey({ assetId, index }));
          return new Float32Array(CHUNK);
        };
        const source = new ClipSource(store, { exact: true, frames: length + 1 });
        source.setClips(clips);
        const quantum = { position: from, reset: true, sourceFrom: 1, sourceTo: 1 };
        source.process(createStereo(length + 1), quantum);
        expect(new Set(keys)).toEqual(used);
      }),
    );
  });

  it('comes in the order in which the chunks are heard', () => {
    const clips: SourceClip[] = [
      { assetId: 'b', channels: 1, startFrame: 150, offsetFrames: 0, lengthFrames: 50, gain: 1 },
      { assetId: 'a', channels: 1, startFrame: 0, offsetFrames: 0, lengthFrames: 300, gain: 1 },
    ];
    const needed = neededChunks(clips, { from: 0, to: 1000 }, CHUNK, lengthOf);
    expect(needed.map(chunkKey)).toEqual(['a/0', 'a/1', 'b/0', 'a/2']);
  });
});
