import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFaultyPlugins } from '../../../../tests/fixtures/faulty-plugins/build.ts';
import { PluginRenderError } from '../render-error.ts';
import { type TestPlugins, writeTestPlugins } from '../testing/plugins.ts';
import { testId, testProject } from '../testing/project.ts';
import { collect, hashOf, openTestAsset, renderTest } from '../testing/render.ts';
import { readPlugins } from '../testing/shipped-plugins.ts';

let dir: string;
let plugins: TestPlugins;
let faulty: TestPlugins;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'engine-direct-'));
  plugins = await writeTestPlugins(dir);
  await buildFaultyPlugins(join(dir, 'faulty'));
  faulty = readPlugins(join(dir, 'faulty'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Interleaved channel `c` of a test asset. */
const channel = (samples: Float32Array, c: number) => samples.filter((_, i) => i % 2 === c);

describe('renderDirect', () => {
  it('passes a bare track through bit for bit', async () => {
    const project = testProject(plugins.catalog, [{}], { frames: 30_000 });
    const [left, right] = await collect(renderTest(project, plugins));
    const samples = project.audio.get(testId(3, 0)) as Float32Array;
    expect(left).toEqual(channel(samples, 0));
    expect(right).toEqual(channel(samples, 1));
  });

  it('plays mono on both sides, applies clip gains, places and offsets', async () => {
    const clip = { startFrame: 1000, offsetFrames: 77, lengthFrames: 500, gainDb: -6 };
    const project = testProject(plugins.catalog, [{ channels: 1, clips: [clip] }]);
    const [left, right] = await collect(renderTest(project, plugins));
    const samples = project.audio.get(testId(3, 0)) as Float32Array;
    const gain = Math.fround(10 ** (-6 / 20));
    const expected = new Float32Array(1500);
    for (let i = 0; i < 500; i++) expected[1000 + i] = (samples[77 + i] as number) * gain;
    expect(left).toEqual(expected);
    expect(right).toEqual(expected);
  });

  it('gives the same bytes with 1, 2 and 3 threads, and again', async () => {
    const chain = [
      { catalogId: 'test.gain', params: { gain: 0.7 } },
      { catalogId: 'test.latency' },
    ];
    const tracks = [
      { plugins: chain },
      { plugins: [{ catalogId: 'test.echo', mix: 0.3 }], pan: 0.4 },
      { gainDb: -3, pan: -0.7 },
      { plugins: [...chain, { catalogId: 'test.echo' }], gainDb: 2 },
      { muted: true, plugins: [{ catalogId: 'test.throws' }] },
    ];
    const project = testProject(plugins.catalog, tracks, { frames: 300_000 });
    const render = async (threads: number) =>
      hashOf(await collect(renderTest(project, plugins, { threads })));
    const once = await render(1);
    expect(await render(1)).toBe(once);
    expect(await render(2)).toBe(once);
    expect(await render(3)).toBe(once);
  });

  it('compensates latency: the file starts at frame 0 and the tracks stay aligned', async () => {
    const tracks = [
      { plugins: [{ catalogId: 'test.latency' }, { catalogId: 'test.latency' }] },
      {},
    ];
    const project = testProject(plugins.catalog, tracks, { frames: 20_000 });
    const [left] = await collect(renderTest(project, plugins));
    const a = channel(project.audio.get(testId(3, 0)) as Float32Array, 0);
    const b = channel(project.audio.get(testId(3, 1)) as Float32Array, 0);
    expect(left).toEqual(a.map((x, i) => x + (b[i] as number)));
  });

  it('passes dry with unchanged timing where a plugin is bypassed or not in the catalog', async () => {
    const tracks = [
      {
        plugins: [
          { catalogId: 'test.latency', bypassed: true },
          { catalogId: 'nobody.has-this' },
          { catalogId: 'test.throws', bypassed: true },
        ],
      },
    ];
    const project = testProject(plugins.catalog, tracks, { frames: 20_000 });
    const [left] = await collect(renderTest(project, plugins));
    expect(left).toEqual(channel(project.audio.get(testId(3, 0)) as Float32Array, 0));
  });

  it('keeps an echo that comes after the end, and cuts behind it', async () => {
    const plugin = { catalogId: 'test.echo' };
    const project = testProject(plugins.catalog, [{ plugins: [plugin] }], { frames: 12_000 });
    const auto = await collect(
      renderTest(project, plugins, { options: { range: { kind: 'all' }, tail: 'auto' } }),
    );
    expect(auto[0]?.length).toBe(12_000 + 9600);
    const fixed = await collect(
      renderTest(project, plugins, { options: { range: { kind: 'all' }, tail: 0.1 } }),
    );
    expect(fixed[0]?.length).toBe(12_000 + 4800);
    expect(fixed[0]).toEqual(auto[0]?.subarray(0, 16_800));
  });

  it('renders a range as if the song began there and ended there', async () => {
    const project = testProject(plugins.catalog, [{ plugins: [{ catalogId: 'test.echo' }] }]);
    const range = { kind: 'frames', startFrame: 1001, endFrame: 9001 } as const;
    const [left] = await collect(
      renderTest(project, plugins, { options: { range, tail: 'auto' } }),
    );
    const dry = channel(project.audio.get(testId(3, 0)) as Float32Array, 0).subarray(1001, 9001);
    expect(left?.length).toBe(8000 + 9600);
    expect(left?.subarray(0, 8000)).toEqual(dry);
    expect(left?.subarray(9600)).toEqual(dry.map((x) => x * 0.5));
  });

  it.each([
    ['test.throws', 'processor_error'],
    ['test.nan', 'non_finite'],
    ['test.loud', 'runaway'],
    ['test.hangs', 'timeout'],
    ['test.constructor', 'processor_error'],
  ])('%s fails the render with %s and names the plugin', async (catalogId, failure) => {
    const tracks = [{}, { plugins: [{ catalogId: 'test.gain' }, { catalogId }] }];
    const project = testProject(plugins.catalog, tracks);
    const hangTimeoutMs = failure === 'timeout' ? 1000 : 60_000;
    const render = collect(renderTest(project, plugins, { threads: 2, hangTimeoutMs }));
    const error = await render.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PluginRenderError);
    expect(error).toMatchObject({ pluginId: testId(2, 101), catalogId, failure });
  });

  it.each([
    ['test.file-missing', 'not_found'],
    ['test.wrong-hash', 'integrity'],
    ['test.throws-on-load', 'syntax'],
    ['test.no-constructor', 'no_constructor'],
    ['test.throws-processing', 'processor_error'],
    ['test.emits-nan', 'non_finite'],
  ])('%s of the faulty collection fails the render with %s', async (catalogId, failure) => {
    const project = testProject(faulty.catalog, [{ plugins: [{ catalogId }] }]);
    await expect(collect(renderTest(project, faulty))).rejects.toMatchObject({
      catalogId,
      failure,
    });
  });

  it('refuses code that is missing or not what was certified', async () => {
    const project = testProject(plugins.catalog, [{ plugins: [{ catalogId: 'test.gain' }] }]);
    await expect(
      collect(renderTest(project, plugins, { resolvePluginFile: () => null })),
    ).rejects.toMatchObject({ failure: 'not_found' });
    const tampered: TestPlugins['resolvePluginFile'] = (...args) => {
      const file = plugins.resolvePluginFile(...args);
      return file && { ...file, sha256: '0'.repeat(64) };
    };
    await expect(
      collect(renderTest(project, plugins, { resolvePluginFile: tampered })),
    ).rejects.toMatchObject({ failure: 'integrity' });
  });

  it('stops at once when aborted, and passes errors of the storage on', async () => {
    const project = testProject(plugins.catalog, [{ plugins: [{ catalogId: 'test.hangs' }] }]);
    const stop = new AbortController();
    const blocks = renderTest(project, plugins, { signal: stop.signal, hangTimeoutMs: 60_000 });
    const next = blocks.next();
    stop.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    const broken = collect(
      renderTest(project, plugins, {
        openAsset: async () => {
          throw new Error('storage is away');
        },
      }),
    );
    await expect(broken).rejects.toThrow('storage is away');
  });

  it('reads only a little ahead of a slow consumer, and each chunk once', async () => {
    const frames = 1_310_720;
    const project = testProject(plugins.catalog, [{}], { frames });
    const open = openTestAsset(project.audio);
    const reads: number[] = [];
    const blocks = renderTest(project, plugins, {
      openAsset: async (id) => {
        const reader = await open(id);
        return {
          read(start, end) {
            reads.push(start / (131_072 * 8));
            return reader.read(start, end);
          },
        };
      },
    });
    await blocks.next();
    expect(reads.length).toBeLessThanOrEqual(2);
    await collect(blocks);
    expect(reads).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
