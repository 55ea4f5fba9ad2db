import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSpool, SPOOL_BLOCK_FRAMES, SpoolWriter } from './spool-file.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'mixdown-spool-'));
});
afterAll(() => rm(dir, { recursive: true }));

let next = 0;
async function roundTrip(lengths: number[]) {
  const file = path.join(dir, `${next++}`);
  const writer = await SpoolWriter.create(file);
  let frame = 0;
  for (const length of lengths) {
    const left = Float32Array.from({ length }, (_, i) => frame + i);
    await writer.write([left, left.map((x) => -x - 1)]);
    frame += length;
  }
  await writer.close();
  const out: number[][] = [[], []];
  for await (const [left, right] of readSpool(file)) {
    for (const x of left ?? []) out[0]?.push(x);
    for (const x of right ?? []) out[1]?.push(x);
  }
  return { frames: writer.frames, bytes: (await stat(file)).size, out };
}

describe('a spool file', () => {
  it('gives back what was written, whatever the blocks', async () => {
    const length = fc.oneof(
      fc.nat(3 * SPOOL_BLOCK_FRAMES),
      fc.constantFrom(0, 1, SPOOL_BLOCK_FRAMES - 1, SPOOL_BLOCK_FRAMES, SPOOL_BLOCK_FRAMES + 1),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(length, { maxLength: 5 }), async (lengths) => {
        const total = lengths.reduce((a, b) => a + b, 0);
        const { frames, bytes, out } = await roundTrip(lengths);
        expect(frames).toBe(total);
        expect(bytes).toBe(total * 8);
        expect(out[0]).toEqual(Array.from({ length: total }, (_, i) => i));
        expect(out[1]).toEqual(Array.from({ length: total }, (_, i) => -i - 1));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what is not stereo', async () => {
    const writer = await SpoolWriter.create(path.join(dir, 'odd'));
    await expect(writer.write([new Float32Array(2)])).rejects.toThrow('planar stereo');
    await expect(writer.write([new Float32Array(2), new Float32Array(3)])).rejects.toThrow();
    await writer.close();
  });
});
