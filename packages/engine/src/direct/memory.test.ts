import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestPlugins, writeTestPlugins } from '../testing/plugins.ts';
import { testProject } from '../testing/project.ts';
import { renderTest } from '../testing/render.ts';
import type { OpenAsset } from './asset-feed.ts';

const RATE = 48_000;
const SECONDS = 300;
/** Four tracks of five minutes are 440 MB of audio; holding on to a tenth of it would show. */
const MOST_GROWTH_BYTES = 48 * 1024 * 1024;

let dir: string;
let plugins: TestPlugins;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'engine-memory-'));
  plugins = await writeTestPlugins(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Audio out of nothing, so that the test itself holds no song. */
const openRamp: OpenAsset = async () => ({
  async read(start, end) {
    return new Uint8Array(new Float32Array((end - start) / 4).fill(0.25).buffer);
  },
});

describe('memory of renderDirect', () => {
  it('does not grow with the length of the song', async () => {
    const tracks = [0, 1, 2, 3].map(() => ({
      plugins: [{ catalogId: 'test.echo' }],
      clips: [{ lengthFrames: SECONDS * RATE }],
    }));
    const project = testProject(plugins.catalog, tracks, { frames: 1 });
    const assets = project.snapshot.assets.map((a) => ({ ...a, frames: SECONDS * RATE }));
    const long = { ...project, snapshot: { ...project.snapshot, assets } };
    let frames = 0;
    let after30 = 0;
    let most = 0;
    for await (const [left] of renderTest(long, plugins, { openAsset: openRamp, threads: 2 })) {
      frames += left?.length ?? 0;
      const { rss } = process.memoryUsage();
      if (frames <= 30 * RATE) after30 = Math.max(after30, rss);
      else most = Math.max(most, rss);
    }
    expect(frames).toBe(SECONDS * RATE);
    expect(most - after30).toBeLessThan(MOST_GROWTH_BYTES);
  });
});
