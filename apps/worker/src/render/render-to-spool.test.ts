import { noiseAudio } from '@mixdown/engine/testing/noise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRenderFixture, type RenderFixture } from '../testing/render-fixture.ts';
import { renderToSpool } from './render-to-spool.ts';
import { readSpool } from './spool-file.ts';

let fixture: RenderFixture;
beforeAll(async () => {
  fixture = await createRenderFixture();
});
afterAll(() => fixture.close());

const nothing = () => undefined;

async function leftOf(spoolPath: string): Promise<Float32Array> {
  const out: number[] = [];
  for await (const [left] of readSpool(spoolPath)) for (const x of left ?? []) out.push(x);
  return Float32Array.from(out);
}

describe('renderToSpool', () => {
  it('spools the mix bit for bit, with its loudness and real progress', async () => {
    const frames = 100_000;
    const job = fixture.job(await fixture.project([{}], frames));
    const progress: number[] = [];
    const mix = await renderToSpool(job, fixture.storage, (done, total) => {
      expect(total).toBe(frames);
      progress.push(done);
    });
    expect(mix.frames).toBe(frames);
    const expected = noiseAudio(1, frames).filter((_, i) => i % 2 === 0);
    expect(await leftOf(job.spoolPath)).toEqual(expected);
    expect(progress.at(-1)).toBe(frames);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(mix.measurement.integratedLufs).toBeGreaterThan(-30);
    expect(mix.measurement.truePeakDbtp).toBeLessThan(0);
  });

  it('resamples after the mix where the export asks for another rate', async () => {
    const snapshot = await fixture.project([{}], 96_000);
    const job = fixture.job(snapshot, { sampleRate: 44_100 });
    const mix = await renderToSpool(job, fixture.storage, nothing);
    expect(mix.frames).toBe(88_200);
    expect((await leftOf(job.spoolPath)).length).toBe(88_200);
  });

  it('takes the dither’s seed from the samples: the same mix the same, another one another', async () => {
    const snapshot = await fixture.project([{}], 20_000);
    const seeds = [];
    for (const gainDb of [0, 0, -1]) {
      const tracks = snapshot.tracks.map((track) => ({ ...track, gainDb }));
      const job = fixture.job({ ...snapshot, tracks });
      seeds.push((await renderToSpool(job, fixture.storage, nothing)).ditherSeed);
    }
    expect(seeds[1]).toBe(seeds[0]);
    expect(seeds[2]).not.toBe(seeds[0]);
  });

  it('says which asset is gone', async () => {
    const job = fixture.job(await fixture.project([{}], 1000));
    const gone = { ...job, assetKeys: {}, spoolPath: `${job.spoolPath}.2` };
    await expect(renderToSpool(gone, fixture.storage, nothing)).rejects.toMatchObject({
      name: 'AssetMissingError',
    });
    await fixture.storage.delete(Object.values(job.assetKeys)[0]!);
    await expect(renderToSpool(job, fixture.storage, nothing)).rejects.toMatchObject({
      name: 'AssetMissingError',
      assetId: Object.keys(job.assetKeys)[0],
    });
  });

  it('of silence measures silence', async () => {
    const snapshot = await fixture.project([{ muted: true }], 50_000);
    const mix = await renderToSpool(fixture.job(snapshot), fixture.storage, nothing);
    expect(mix).toMatchObject({
      frames: 50_000,
      measurement: { integratedLufs: null, truePeakDbtp: null },
    });
  });
});
