import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openAudio } from '@mixdown/codecs';
import { EXPORT_PEAKS, type ExportOptions } from '@mixdown/contract';
import { createRandom } from '@mixdown/dsp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeSpool } from '../encode/encode-spool.ts';
import { SpoolWriter } from '../render/spool-file.ts';
import { OPTIONS } from '../testing/render-fixture.ts';
import { metered } from './metered.ts';

const FRAMES = 48_000 * 2 + 77;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'mixdown-pictured-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Noise that grows, different left and right. */
function mix(): Float32Array[] {
  const random = createRandom(7);
  return [0.4, 0.7].map((level) =>
    Float32Array.from({ length: FRAMES }, (_, i) => (random.next() * 2 - 1) * level * (i / FRAMES)),
  );
}

async function encoded(name: string, options: Partial<ExportOptions>) {
  const blocks = mix();
  const spoolPath = path.join(dir, `${name}.f32`);
  const spool = await SpoolWriter.create(spoolPath);
  await spool.write(blocks);
  await spool.close();
  const measuring = metered(
    (async function* () {
      yield blocks;
    })(),
    48_000,
  );
  for await (const _ of measuring);
  const measurement = measuring.measurement();
  const outputPath = path.join(dir, `${name}.wav`);
  const job = { options: { ...OPTIONS, ...options }, spoolPath, outputPath };
  const seen = { frames: FRAMES, measurement, ditherSeed: 1 };
  const result = await encodeSpool(job, seen, () => undefined);
  const audio = await openAudio(outputPath, { fileName: 'a.wav', maxSeconds: 10 });
  const channels: number[][] = [[], []];
  for await (const block of audio.blocks()) {
    for (const [c, samples] of block.entries()) for (const x of samples) channels[c]?.push(x);
  }
  return { ...result, channels };
}

/** Straight from the definition, run by run. */
function picture(channels: readonly number[][], framesPerPeak: number): number[] {
  const values: number[] = [];
  for (let at = 0; at < FRAMES; at += framesPerPeak) {
    const run = channels.flatMap((samples) => samples.slice(at, at + framesPerPeak));
    for (const x of [Math.min(...run), Math.max(...run)]) values.push(Math.round(x * 127));
  }
  return values;
}

const decode = (peaks: string) => [...new Int8Array(Buffer.from(peaks, 'base64'))];

it.each([
  // What is written is what was taken down; fewer bits and their dither may round one step further.
  { name: 'float', options: { bitDepth: '32f' }, steps: 0 },
  {
    name: 'levelled',
    options: { bitDepth: '32f', normalize: { lufs: -20, ceilingDbtp: -1 } },
    steps: 0,
  },
  { name: 'sixteen', options: { bitDepth: 16 }, steps: 1 },
] as const)('the picture is that of the decoded file ($name)', async ({ name, options, steps }) => {
  const { peaks, channels } = await encoded(name, options);
  expect(channels.map((samples) => samples.length)).toEqual([FRAMES, FRAMES]);
  const taken = decode(peaks.peaks);
  const expected = picture(channels, peaks.framesPerPeak);
  expect(taken.length).toBe(expected.length);
  expect(taken.length).toBeLessThanOrEqual(2 * EXPORT_PEAKS);
  expect(taken.length).toBeGreaterThan(EXPORT_PEAKS);
  const furthest = Math.max(...taken.map((value, i) => Math.abs(value - (expected[i] ?? 999))));
  expect(furthest).toBeLessThanOrEqual(steps);
  expect(Math.max(...taken)).toBeGreaterThan(name === 'levelled' ? 5 : 60);
});
