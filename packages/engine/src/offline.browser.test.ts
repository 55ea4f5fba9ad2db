import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../tests/support/browser.ts';
import type { RenderDirectOptions } from './direct/render-direct.ts';
import { type Harness, startHarness } from './testing/harness.ts';
import { type TestPlugins, writeTestPlugins } from './testing/plugins.ts';
import { type TestProject, testId, testProject } from './testing/project.ts';
import { collect, renderTest } from './testing/render.ts';
import { firstDifference } from './testing/same-bits.ts';
import { joinPlugins, readPlugins, SHIPPED_DIR } from './testing/shipped-plugins.ts';

const WHOLE = { range: { kind: 'all' }, tail: 'auto' } as const;

let dir: string;
let plugins: TestPlugins;
let harness: Harness;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'engine-offline-'));
  plugins = joinPlugins(await writeTestPlugins(dir), readPlugins(SHIPPED_DIR));
  harness = await startHarness([dir, SHIPPED_DIR]);
  browser = await launchBrowser();
  page = await harness.open(browser);
});
afterAll(async () => {
  await browser?.close();
  await harness?.close();
  await rm(dir, { recursive: true, force: true });
});

type Job = Pick<RenderDirectOptions, 'options'>['options'];

async function inPage(project: TestProject, options: Job = WHOLE) {
  harness.audio = project.audio;
  const job = { snapshot: project.snapshot, catalog: plugins.catalog, options };
  return page.evaluate((j) => window.harness.offline(j), job);
}

async function expectSame(project: TestProject, options: Job = WHOLE) {
  const direct = await collect(renderTest(project, plugins, { options, threads: 2 }));
  expect(await inPage(project, options)).toMatchObject({ ok: true });
  expect(firstDifference(direct, harness.result('offline'))).toBeNull();
  return direct;
}

describe('renderOffline in Chromium', () => {
  it('gives the bits of the direct path: strips, latency, mix, bypass, missing plugins', async () => {
    const project = testProject(
      plugins.catalog,
      [
        { plugins: [{ catalogId: 'test.gain', params: { gain: 0.7 }, mix: 0.35 }], pan: 0.3 },
        { plugins: [{ catalogId: 'test.latency' }, { catalogId: 'test.echo' }], gainDb: -4.5 },
        { plugins: [{ catalogId: 'test.latency', bypassed: true }], pan: -1 },
        { clips: [{ startFrame: 777, offsetFrames: 99, lengthFrames: 20_000, gainDb: 3 }] },
        { plugins: [{ catalogId: 'nobody.has-this' }], gainDb: 6 },
        { muted: true },
      ],
      { frames: 50_000 },
    );
    const direct = await expectSame(project);
    expect(direct[0]?.some((x) => x > 0.5)).toBe(true);
  });

  it('gives the bits of the direct path for a range in the middle of clips', async () => {
    const project = testProject(
      plugins.catalog,
      [{ plugins: [{ catalogId: 'test.echo' }] }, { plugins: [{ catalogId: 'test.latency' }] }],
      { frames: 300_000 },
    );
    const range = { kind: 'frames', startFrame: 130_001, endFrame: 150_003 } as const;
    const [left] = await expectSame(project, { range, tail: 0.25 });
    expect(left?.length).toBe(20_002 + 12_000);
  });

  it('gives the bits of the direct path for every shipped effect, tails into silence included', async () => {
    const shipped = plugins.catalog.entries.filter((e) => e.id.startsWith('mixdown.'));
    expect(shipped.length).toBeGreaterThan(0);
    const tracks = shipped.map(({ id }) => ({ plugins: [{ catalogId: id }], gainDb: -12 }));
    const project = testProject(plugins.catalog, tracks, { frames: 24_000 });
    await expectSame(project, { range: { kind: 'all' }, tail: 8 });
  });

  it('loads under a policy without eval or blob:, in a browser that its probe accepts', async () => {
    const probe = await page.evaluate(() => window.harness.probe());
    expect(probe).toEqual({ ok: true });
  });

  it.each([
    ['test.throws', 'processor_error'],
    ['test.nan', 'non_finite'],
    ['test.loud', 'runaway'],
    ['test.constructor', 'processor_error'],
  ])('%s fails the render with %s and names the plugin', async (catalogId, failure) => {
    const project = testProject(plugins.catalog, [{}, { plugins: [{ catalogId }] }]);
    expect(await inPage(project)).toMatchObject({
      ok: false,
      pluginId: testId(2, 100),
      catalogId,
      failure,
    });
  });
});
