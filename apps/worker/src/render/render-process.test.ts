import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeS3 } from '../../../../tests/support/fake-s3/index.ts';
import {
  createRenderFixture,
  LONG,
  LONG_FRAMES,
  type RenderFixture,
} from '../testing/render-fixture.ts';
import type { RenderJob } from './child-protocol.ts';
import { DEFAULT_LIMITS, type RenderLimits, RenderProcess } from './render-process.ts';

let fixture: RenderFixture;
beforeAll(async () => {
  fixture = await createRenderFixture();
});
afterAll(() => fixture.close());

const never = new AbortController().signal;
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

function start(job: RenderJob, limits: Partial<RenderLimits> = {}, env = process.env) {
  const progress: [string, number, number][] = [];
  const started = Promise.withResolvers<void>();
  const render = new RenderProcess(job, {
    limits: { ...DEFAULT_LIMITS, ...limits },
    env,
    onProgress: (...report) => {
      progress.push(report);
      started.resolve();
    },
  });
  const pid = render.pid ?? 0;
  return { render, progress, pid, started: started.promise };
}

describe('a render process', () => {
  it('renders, then encodes, and reports both', async () => {
    const job = fixture.job(await fixture.project([{}], 48_000));
    const { render, progress, pid } = start(job);
    const rendered = await render.render(never);
    const encoded = await render.encode(never);
    await render.kill();
    expect(rendered.frames).toBe(48_000);
    // 24 bits × 2 channels, and a header.
    expect(encoded.bytes).toBeGreaterThan(48_000 * 6);
    expect(encoded.bytes).toBeLessThan(48_000 * 6 + 200);
    expect(encoded.measurement).toEqual(rendered.measurement);
    expect(progress.at(-1)).toEqual(['encoding', 48_000, 48_000]);
    expect(isAlive(pid)).toBe(false);
  });

  it.each([
    ['test.throws', 'processor_error'],
    ['test.nan', 'non_finite'],
  ])('ends with the plugin’s name when %s fails', async (catalogId, failure) => {
    const tracks = [{ name: 'Bass', plugins: [{ catalogId }] }];
    const { render, pid } = start(fixture.job(await fixture.project(tracks, 48_000)));
    const error = await render.render(never).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'plugin_failed',
      retryable: false,
      plugin: { catalogId, failure },
      message: expect.stringContaining(`${catalogId} on the track “Bass”`),
    });
    expect(isAlive(pid)).toBe(false);
  });

  it('dies with an abort, at once', async () => {
    const { render, pid, started } = start(fixture.job(await fixture.project(LONG, LONG_FRAMES)));
    const abort = new AbortController();
    const rendering = render.render(abort.signal);
    await started;
    abort.abort(new Error('canceled'));
    await expect(rendering).rejects.toThrow('canceled');
    expect(isAlive(pid)).toBe(false);
  });

  it('is missed when somebody kills it, which is worth another attempt', async () => {
    const { render, pid, started } = start(fixture.job(await fixture.project(LONG, LONG_FRAMES)));
    const rendering = render.render(never);
    await started;
    process.kill(pid, 'SIGKILL');
    await expect(rendering).rejects.toMatchObject({ code: 'render_crashed', retryable: true });
  });

  it('is killed when it gets no further', async () => {
    const s3 = await startFakeS3();
    const env = { ...process.env, ...s3.env };
    const remote = await createRenderFixture(env);
    try {
      const snapshot = await remote.project([{}], 10_000);
      s3.faults.add({ method: 'GET' }, { kind: 'hang' }, 99);
      const { render, pid } = start(remote.job(snapshot), { stallMs: 2500 }, env);
      await expect(render.render(never)).rejects.toMatchObject({
        code: 'render_stalled',
        retryable: true,
        message: expect.stringContaining('no progress'),
      });
      expect(isAlive(pid)).toBe(false);
    } finally {
      await s3.close();
      await remote.close();
    }
  });

  it('is killed when it takes more memory than it may', async () => {
    const { render, pid } = start(fixture.job(await fixture.project(LONG, LONG_FRAMES)), {
      memoryBytes: 32 * 1024 ** 2,
    });
    await expect(render.render(never)).rejects.toMatchObject({
      code: 'render_out_of_memory',
      retryable: false,
    });
    expect(isAlive(pid)).toBe(false);
  });

  it('fails as itself when it is asked for nonsense', async () => {
    const { render } = start(fixture.job(await fixture.project([{}], 100)));
    await expect(render.encode(never)).rejects.toMatchObject({
      code: 'render_failed',
      cause: expect.objectContaining({ message: expect.stringContaining('nothing to encode') }),
    });
  });
});
