import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildFaultyPlugins } from '../../../../tests/fixtures/faulty-plugins/build.ts';
import { launchBrowser } from '../../../../tests/support/browser.ts';
import { type Harness, startHarness } from '../testing/harness.ts';
import { type TestPlugins, writeTestPlugins } from '../testing/plugins.ts';
import { type TestProject, type TestTrack, testId, testProject } from '../testing/project.ts';
import { collect, renderTest } from '../testing/render.ts';
import { firstDifference } from '../testing/same-bits.ts';
import { joinPlugins, readPlugins, SHIPPED_DIR } from '../testing/shipped-plugins.ts';

let dir: string;
let plugins: TestPlugins;
let harness: Harness;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'engine-live-'));
  const faultyDir = join(dir, 'faulty');
  await buildFaultyPlugins(faultyDir);
  plugins = joinPlugins(
    await writeTestPlugins(dir),
    readPlugins(faultyDir),
    readPlugins(SHIPPED_DIR),
  );
  harness = await startHarness([dir, faultyDir, SHIPPED_DIR]);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await harness?.close();
  await rm(dir, { recursive: true, force: true });
});
// A page of its own for each test: an engine cannot disturb the next one, not even a stuck one.
beforeEach(async () => {
  page = await harness.open(browser);
  // The click without which browsers start no audio.
  await page.mouse.click(1, 1);
  return async () => {
    await page.close();
  };
});

const FRAMES = 480_000;

/** A project whose tracks play a constant instead of noise: what comes out says what the graph does to it. */
function constantProject(tracks: readonly TestTrack[], value = 0.5): TestProject {
  const project = testProject(plugins.catalog, tracks, { frames: FRAMES });
  for (const samples of project.audio.values()) samples.fill(value);
  return project;
}

const jobOf = (project: TestProject) => {
  harness.audio = project.audio;
  return { snapshot: project.snapshot, catalog: plugins.catalog };
};

/** The left channel from the first start of the sources on. */
async function recorded(): Promise<Float32Array> {
  return harness.result('live')[0] as Float32Array;
}

/** Recordings are too long to be spread over arguments. */
const least = (x: Float32Array) => x.reduce((a, b) => Math.min(a, b));
const most = (x: Float32Array) => x.reduce((a, b) => Math.max(a, b));

const gain = (value: number) => ({ catalogId: 'test.gain', params: { gain: value } });

describe('LiveEngine in Chromium', () => {
  it('plays from the start what the export gives, bit for bit, and again after a stop', async () => {
    const shipped = ['mixdown.eq', 'mixdown.compressor', 'mixdown.delay', 'mixdown.reverb'];
    const project = testProject(
      plugins.catalog,
      [
        { plugins: shipped.map((catalogId) => ({ catalogId })), gainDb: -6, pan: 0.2 },
        { plugins: [{ catalogId: 'test.latency' }, { catalogId: 'test.echo', mix: 0.4 }] },
        { plugins: [{ catalogId: 'mixdown.limiter' }], channels: 2, gainDb: -3 },
      ],
      { frames: 96_000 },
    );
    const lengths = await page.evaluate(async (job) => {
      const live = window.harness.live(job);
      await live.start();
      await live.loaded();
      // Until the last plugin is mixed in entirely.
      await live.play(0.5);
      live.engine.play();
      await live.until(() => live.starts.length === 1);
      await live.play(0.8);
      live.engine.stop();
      await live.play(0.2);
      live.engine.play();
      await live.until(() => live.starts.length === 2);
      await live.play(1.2);
      const { firstFrame, channels } = await live.recording();
      const [first, second] = live.starts.map((s) => s.atFrame - firstFrame);
      const cut = (from: number, frames: number) =>
        channels.map((c) => c.subarray(from, from + frames));
      await window.harness.post('first', cut(first as number, 24_000));
      await window.harness.post('second', cut(second as number, 48_000));
      return live.transport.map((t) => t.status);
    }, jobOf(project));
    expect(lengths).toEqual(['starting', 'playing', 'stopped', 'starting', 'playing']);
    const direct = await collect(renderTest(project, plugins));
    const latency = plugins.catalog.entries.find((e) => e.id === 'mixdown.limiter');
    const delay = Math.max(100, latency?.latencyFrames['48000'] ?? 0);
    const longest = shipped
      .map((id) => plugins.catalog.entries.find((e) => e.id === id)?.latencyFrames['48000'] ?? 0)
      .reduce((a, b) => a + b, 0);
    const skip = Math.max(delay, longest);
    const after = (channels: Float32Array[]) => channels.map((c) => c.subarray(skip));
    const same = (channels: Float32Array[]) =>
      firstDifference(
        after(channels),
        direct.map((c) => c.subarray(0, (channels[0] as Float32Array).length - skip)),
      );
    expect(same(harness.result('first'))).toBeNull();
    expect(same(harness.result('second'))).toBeNull();
  });

  it('reorders, adds, removes and moves between tracks without a gap or a step', async () => {
    const project = constantProject([
      { plugins: [gain(1), gain(1), gain(1), gain(1), gain(1)] },
      { plugins: [gain(1)], muted: true },
    ]);
    const ids = [0, 1, 2, 3, 4].map((p) => testId(2, p));
    const chains = await page.evaluate(
      async ([job, ids, first, second]) => {
        const live = window.harness.live(job);
        await live.start();
        await live.loaded();
        live.engine.play();
        await live.until(() => live.starts.length === 1);
        await live.play(0.2);
        const [a, b, c, d, e] = ids as [string, string, string, string, string];
        live.reorder(first, [e, b, d, a, c]);
        await live.engine.settled();
        live.reorder(first, [c, a, d, b, e]);
        // A change of mind in the middle of an edit.
        await live.play(0.02);
        live.reorder(first, [a, b, c, d, e]);
        await live.engine.settled();
        live.reconcile((s) => ({
          ...s,
          plugins: s.plugins.flatMap((p) => {
            if (p.id === b) return [];
            return p.id === d ? [{ ...p, trackId: second, position: 0 }] : [p];
          }),
        }));
        await live.engine.settled();
        live.reconcile((s) => {
          const model = s.plugins[0] as (typeof s.plugins)[number];
          const id = `${model.id.slice(0, -1)}9`;
          return { ...s, plugins: [...s.plugins, { ...model, id, position: 1 }] };
        });
        await live.engine.settled();
        await live.loaded();
        await live.play(0.2);
        const { firstFrame, channels } = await live.recording();
        const from = (live.starts[0]?.atFrame ?? 0) - firstFrame;
        await window.harness.post(
          'live',
          channels.map((x) => x.subarray(from)),
        );
        return live.transport.map((t) => t.status);
      },
      [jobOf(project), ids, testId(1, 0), testId(1, 1)] as const,
    );
    expect(chains).toEqual(['starting', 'playing']);
    const left = await recorded();
    expect(left.length).toBeGreaterThan(48_000);
    expect(least(left)).toBeGreaterThan(0.4999);
    expect(most(left)).toBeLessThan(0.5001);
    // Steady again: exactly what goes in comes out.
    expect(left.at(-1)).toBe(0.5);
  });

  it('moves parameters, mix, bypass and faders without a step', async () => {
    const project = constantProject([{ plugins: [gain(1)] }]);
    await page.evaluate(
      async ([job, slot, track]) => {
        const live = window.harness.live(job);
        await live.start();
        await live.loaded();
        live.engine.play();
        await live.until(() => live.starts.length === 1);
        await live.play(0.1);
        live.engine.setParam(slot, 'gain', 0);
        await live.play(0.5);
        // As fast as values of a hand come in: each ramp is turned round before it is there.
        for (let round = 0; round < 8; round++) {
          for (const value of [0, 1, 0.2, 0.9, 0.5]) {
            live.engine.setParam(slot, 'gain', value);
            await live.play(0.03);
          }
        }
        await live.play(0.5);
        live.engine.setMix(slot, 0.5);
        await live.play(0.5);
        live.engine.setBypassed(slot, true);
        await live.play(0.5);
        live.engine.setTrack(track, { gainDb: -12, pan: 1 });
        await live.play(0.5);
        const { firstFrame, channels } = await live.recording();
        const from = (live.starts[0]?.atFrame ?? 0) - firstFrame;
        await window.harness.post(
          'live',
          channels.map((x) => x.subarray(from)),
        );
      },
      [jobOf(project), testId(2, 0), testId(1, 0)] as const,
    );
    const [left, right] = harness.result('live') as [Float32Array, Float32Array];
    // The fastest change of all is 0.5 within 20 ms: 0.0005 a frame. A step would be a hundred times that.
    const steepest = (x: Float32Array) =>
      x.reduce((most, v, i) => (i > 0 ? Math.max(most, Math.abs(v - (x[i - 1] as number))) : 0), 0);
    expect(steepest(left)).toBeLessThan(0.002);
    expect(steepest(right)).toBeLessThan(0.002);
    expect(least(left)).toBe(0);
    expect(right.at(-1)).toBe(Math.fround(0.5 * Math.fround(10 ** (-12 / 20))));
  });

  it.each([
    ['test.throws', 'crashed', 'processor_error'],
    ['test.nan', 'crashed', 'non_finite'],
    ['test.loud', 'crashed', 'runaway'],
    ['test.constructor', '', 'processor_error'],
  ])('%s leaves the rest playing', async (catalogId, state, failure) => {
    const project = constantProject([
      { plugins: [{ catalogId }, gain(0.5)] },
      { plugins: [gain(1)] },
    ]);
    const status = await page.evaluate(
      async ([job, slot, others]) => {
        const live = window.harness.live(job);
        await live.start();
        live.engine.play();
        await live.until(() => ['crashed', 'failed'].includes(live.stateOf(slot)?.state ?? ''));
        await live.until(() => others.every((id) => live.stateOf(id)?.state === 'active'));
        await live.until(() => live.starts.length === 1);
        await live.play(0.5);
        const { channels } = await live.recording();
        await window.harness.post('live', channels);
        return live.stateOf(slot);
      },
      [jobOf(project), testId(2, 0), [testId(2, 1), testId(2, 100)]] as const,
    );
    expect(status).toMatchObject({ failure, ...(state && { state }) });
    expect(status?.title).toContain(catalogId);
    const left = await recorded();
    expect(left.every((x) => Number.isFinite(x) && Math.abs(x) < 1.5)).toBe(true);
    expect(left.at(-1)).toBe(0.75);
  });

  it('plays on with one of every kind of fault at once, each named for what it is', async () => {
    const faults = [
      ['test.file-missing', 'failed', 'not_found'],
      ['test.wrong-hash', 'failed', 'integrity'],
      ['test.throws-on-load', 'failed', 'syntax'],
      ['test.no-constructor', 'failed', 'no_constructor'],
      ['test.never-answers', 'failed', 'timeout'],
      ['test.throws-processing', 'crashed', 'processor_error'],
      ['test.emits-nan', 'crashed', 'non_finite'],
    ] as const;
    const value = 0.125;
    const project = constantProject(
      faults.map(([catalogId]) => ({ plugins: [{ catalogId }, gain(1)] })),
      value,
    );
    const ids = faults.map((_, t) => testId(2, 100 * t));
    const states = await page.evaluate(
      async ([job, ids]) => {
        const live = window.harness.live(job);
        await live.start();
        live.engine.play();
        const told = () => ids.map((id) => live.stateOf(id));
        await live.until(() =>
          told().every((s) => s?.state === 'failed' || s?.state === 'crashed'),
        );
        // The song was over before the slowest of them had its time-out.
        live.engine.seek(0);
        await live.until(() => live.starts.length === 2);
        await live.play(0.4);
        const { channels } = await live.recording();
        await window.harness.post('live', channels);
        return told().map((s) => [s?.state, s?.failure]);
      },
      [jobOf(project), ids] as const,
    );
    expect(states).toEqual(faults.map(([, state, failure]) => [state, failure]));
    const left = await recorded();
    expect(left.every(Number.isFinite)).toBe(true);
    expect(left.at(-1)).toBe(value * faults.length);
  });

  it('says why a plugin cannot be loaded, and loads it when asked again', async () => {
    const project = constantProject([
      { plugins: [{ catalogId: 'nobody.has-this' }, { catalogId: 'test.gain' }] },
    ]);
    const job = jobOf(project);
    await page.route('**/test.gain/1.0.0/processor.js', (route) => route.fulfill({ status: 404 }));
    const failed = await page.evaluate(
      async ([job, missing, gone]) => {
        const live = window.harness.live(job);
        Object.assign(window, { live });
        await live.start();
        await live.until(() => live.stateOf(gone)?.state === 'failed');
        return [live.stateOf(missing), live.stateOf(gone)];
      },
      [job, testId(2, 0), testId(2, 1)] as const,
    );
    expect(failed[0]).toMatchObject({ state: 'missing' });
    expect(failed[1]).toMatchObject({
      failure: 'not_found',
      title: 'test.gain could not be found',
      detail: expect.stringContaining('could not be found on the server'),
    });
    await page.unroute('**/test.gain/1.0.0/processor.js');
    const state = await page.evaluate(
      async (gone) => {
        const { live } = window as unknown as { live: import('../../harness/live.ts').LiveHarness };
        live.engine.retry(gone);
        await live.until(() => live.stateOf(gone)?.state !== 'loading');
        return live.stateOf(gone)?.state;
      },
      testId(2, 1),
    );
    expect(state).toBe('active');
  });

  it('seeks, pauses and goes on, with the position that is heard', async () => {
    const project = constantProject([{ plugins: [{ catalogId: 'test.latency' }] }]);
    const seen = await page.evaluate(async (job) => {
      const live = window.harness.live(job);
      await live.start();
      live.engine.seek(100_000);
      const before = live.engine.positionFrames();
      live.engine.play();
      await live.until(() => live.starts.length === 1);
      await live.play(0.3);
      const playing = live.engine.positionFrames();
      live.engine.seek(300_000);
      await live.until(() => live.starts.length === 2);
      await live.play(0.3);
      live.engine.pause();
      const paused = live.engine.positionFrames();
      await live.play(0.2);
      const later = live.engine.positionFrames();
      const { channels } = await live.recording();
      await window.harness.post('live', channels);
      const { peak } = live.engine.meter('master');
      live.engine.stop();
      const length = live.engine.lengthFrames();
      return {
        before,
        playing,
        paused,
        later,
        peak,
        length,
        end: live.engine.positionFrames(),
        starts: live.starts,
      };
    }, jobOf(project));
    expect(seen).toMatchObject({ before: 100_000, later: seen.paused, end: 0, length: FRAMES });
    expect(seen.starts.map((s) => s.position)).toEqual([100_000, 300_000]);
    expect(seen.playing).toBeGreaterThan(100_000);
    expect(seen.paused).toBeGreaterThan(300_000);
    expect(seen.peak[0]).toBeGreaterThanOrEqual(0.5);
    const left = await recorded();
    // Starts inside a clip, the seek and the pause all fade: 0.5 over 256 frames.
    const steepest = left.reduce(
      (most, v, i) => Math.max(most, Math.abs(v - (left[i - 1] ?? v))),
      0,
    );
    expect(steepest).toBeLessThan(0.005);
    expect(left.at(-1)).toBe(0);
  });

  it('sleeps when nothing sounds any more, and plays what was set meanwhile', async () => {
    const project = constantProject([{ plugins: [gain(1), gain(1)] }]);
    const seen = await page.evaluate(
      async ([job, first, second]) => {
        const live = window.harness.live(job);
        await live.start();
        await live.loaded();
        const context = (live.engine.output as AudioNode).context as AudioContext;
        live.engine.play();
        await live.until(() => live.starts.length === 1);
        await live.play(0.3);
        live.engine.stop();
        await live.until(() => context.state === 'suspended');
        const { peak, rms } = live.engine.meter('master');
        const slept = context.currentTime;
        // By hand and by a snapshot, as one's own edits and others' come in.
        live.engine.setParam(first, 'gain', 0.5);
        live.reconcile((snapshot) => ({
          ...snapshot,
          plugins: snapshot.plugins.map((plugin) =>
            plugin.id === second ? { ...plugin, params: { ...plugin.params, gain: 0.5 } } : plugin,
          ),
        }));
        live.engine.setBypassed(second, true);
        const still = context.currentTime === slept && context.state;
        live.engine.play();
        await live.until(() => live.starts.length === 2);
        await live.play(0.2);
        live.engine.setBypassed(second, false);
        await live.play(0.3);
        const { channels, firstFrame } = await live.recording();
        await window.harness.post('live', channels);
        return { peak, rms, still, from: (live.starts[1]?.atFrame ?? 0) - firstFrame };
      },
      [jobOf(project), testId(2, 0), testId(2, 1)] as const,
    );
    expect(seen).toMatchObject({ peak: [0, 0], rms: [0, 0], still: 'suspended' });
    const left = (await recorded()).subarray(seen.from + 1000);
    expect(most(left)).toBeCloseTo(0.25, 4);
    expect(least(left)).toBeCloseTo(0.125, 4);
  });

  it('notices a plugin that never comes back, and does not touch the context again', async () => {
    const project = constantProject([{ plugins: [{ catalogId: 'test.hangs' }] }]);
    const fatal = await page.evaluate(async (job) => {
      const live = window.harness.live(job);
      await live.start().catch(() => {});
      await live.until(() => live.fatal.length > 0);
      live.engine.play();
      live.engine.reconcile(job.snapshot);
      await live.engine.dispose();
      return live.fatal;
    }, jobOf(project));
    expect(fatal).toEqual([{ reason: 'audio_thread_stuck' }]);
  });
});
