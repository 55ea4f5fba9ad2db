import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openAudio } from '@mixdown/codecs';
import type { TestUser } from '@mixdown/database/testing';
import { createServerTelemetry } from '@mixdown/telemetry';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startFakeIngest } from '../../../tests/support/fake-ingest/index.ts';
import { LONG, LONG_FRAMES } from './testing/render-fixture.ts';
import { createWorkerFixture, TIMINGS, type WorkerFixture } from './testing/worker-fixture.ts';
import { StoredResult } from './upload/export-result.ts';

// Real renders on a machine that others use too: patience, where a hang would be a failure anyway.
vi.setConfig({ testTimeout: 240_000 });

let f: WorkerFixture;
let user: TestUser;
beforeAll(async () => {
  f = await createWorkerFixture();
  user = await f.user();
});
afterEach(async () => {
  await Promise.all(f.workers.splice(0).map((worker) => worker.stop()));
});
afterAll(() => f.close());

/** Most that is waited for a process to notice something. */
const patience = { timeout: 30_000 };
const REAL = [
  { plugins: [{ catalogId: 'mixdown.eq' }, { catalogId: 'mixdown.compressor' }] },
  { plugins: [{ catalogId: 'mixdown.eq' }, { catalogId: 'mixdown.reverb', mix: 0.3 }], pan: 0.3 },
];

const objectOf = async (key: string | null) => {
  const found = await f.render.storage.get(key ?? 'none');
  return found && buffer(found.body);
};
const spooled = () => readdir(`${f.render.dir}/spool`).catch(() => []);

describe('a finished export', () => {
  it('is a file of the right length, with everything said about it', async () => {
    const project = await f.project(
      user,
      [...REAL, { plugins: [{ catalogId: 'gone.forever' }] }],
      48_000,
    );
    await f.startWorker();
    const id = await f.request(user, project, { bitDepth: 16, tail: 1 });
    const row = await f.ended(id);
    expect(row.error).toBeNull();
    expect(row.status).toBe('completed');
    expect(row.object_key).toBe(`exports/${project}/${id}/1.wav`);
    const result = StoredResult.parse(row.result);
    expect(result).toMatchObject({ fileName: 'Test.wav', durationSeconds: 2 });
    expect(result.plugins.map(({ catalogId, count }) => [catalogId, count])).toEqual([
      ['mixdown.eq', 2],
      ['mixdown.compressor', 1],
      ['mixdown.reverb', 1],
    ]);
    expect(result.omitted).toEqual([expect.objectContaining({ catalogId: 'gone.forever' })]);
    expect(result.integratedLufs).toBeGreaterThan(-40);
    const file = (await objectOf(row.object_key)) as Buffer;
    expect(file.length).toBe(result.bytes);
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    // 16 bits × 2 channels × 2 s behind the header.
    expect(file.length - 96_000 * 4).toBeGreaterThanOrEqual(44);
    expect(file.length - 96_000 * 4).toBeLessThan(200);
    expect(await f.events(id)).toEqual([
      'queued',
      'rendering',
      'encoding',
      'uploading',
      'completed',
    ]);
    expect(row.progress).toMatchObject({ stage: 'completed', fraction: 1 });
    // 1500 pairs of two seconds.
    expect(row.peaks).toMatchObject({
      framesPerPeak: 64,
      peaks: expect.stringMatching(/^.{4000}$/),
    });
  });

  it('has the same bytes every time', async () => {
    const project = await f.project(user, REAL);
    await f.startWorker();
    const hashes = new Set<string>();
    for (const cores of [1, 2, 2]) {
      await f.startWorker({ cores });
      const { result } = await f.ended(await f.request(user, project, { bitDepth: 16 }));
      hashes.add(StoredResult.parse(result).sha256);
    }
    expect(hashes.size).toBe(1);
  });

  it('is brought to the loudness that was asked for, under the ceiling', async () => {
    const project = await f.project(user, [{ gainDb: -20 }], 96_000);
    await f.startWorker();
    const measured = async (normalize: { lufs: number; ceilingDbtp: number }) => {
      const { result } = await f.ended(
        await f.request(user, project, { normalize, bitDepth: '32f' }),
      );
      return StoredResult.parse(result);
    };
    const quiet = await measured({ lufs: -30, ceilingDbtp: -1 });
    expect(quiet.integratedLufs).toBeCloseTo(-30, 1);
    const loud = await measured({ lufs: -6, ceilingDbtp: -3 });
    // Never above the ceiling, and below it by no more than the margin for other meters.
    expect(loud.truePeakDbtp).toBeLessThanOrEqual(-3);
    expect(loud.truePeakDbtp).toBeGreaterThan(-3.25);
    expect(loud.integratedLufs).toBeLessThan(-6);
  });

  it.each([
    ['wav', 44_100, 'wav'],
    ['flac', 44_100, 'flac'],
    ['mp3', 44_100, 'mp3'],
    ['opus', 48_000, 'ogg'],
  ] as const)('decodes as %s of %i Hz', async (format, sampleRate, container) => {
    const project = await f.project(user, [{}], 48_000);
    await f.startWorker();
    const row = await f.ended(await f.request(user, project, { format, sampleRate }));
    expect(row.error).toBeNull();
    const result = StoredResult.parse(row.result);
    expect(result).toMatchObject({ fileName: `Test.${format}`, durationSeconds: 1 });
    const file = path.join(f.render.dir, `decode.${format}`);
    await writeFile(file, (await objectOf(row.object_key)) as Buffer);
    const audio = await openAudio(file, { fileName: result.fileName, maxSeconds: 10 });
    expect(audio).toMatchObject({ format: container, sampleRate, channels: 2 });
    let frames = 0;
    let energy = 0;
    for await (const [left] of audio.blocks()) {
      frames += left?.length ?? 0;
      for (const x of left ?? []) energy += x * x;
    }
    expect(frames).toBe(sampleRate);
    // Uniform noise of amplitude 0.25 has a mean square of 0.25² / 3; resampling, MP3 and Opus take off the top octave.
    expect(energy / frames).toBeGreaterThan(0.5 * (0.25 ** 2 / 3));
    expect(energy / frames).toBeLessThan(1.1 * (0.25 ** 2 / 3));
  });

  it('of an empty project is an empty file', async () => {
    const project = await f.project(user, [{ clips: [] }]);
    await f.startWorker();
    const row = await f.ended(await f.request(user, project));
    expect(row.error).toBeNull();
    expect(row.result).toMatchObject({ durationSeconds: 0, integratedLufs: null });
  });
});

describe('progress', () => {
  it('is real and never falls back', async () => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    await f.startWorker({
      timings: { ...TIMINGS, heartbeatMs: 20 },
    });
    const id = await f.request(user, project);
    const seen: number[] = [];
    const stages = new Set<string>();
    await f.until(id, ({ progress, status }) => {
      seen.push(progress.fraction);
      stages.add(progress.stage);
      return status === 'completed';
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(5);
    expect(stages).toContain('rendering');
  });
});

describe('a canceled export', () => {
  it.each([
    ['by a notification', { heartbeatMs: 600_000, deaf: false }],
    ['by a heartbeat, if the notification is lost', { heartbeatMs: 100, deaf: true }],
  ])('hears of it %s, and leaves nothing behind', async (_name, { heartbeatMs, deaf }) => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    await f.startWorker({ timings: { ...TIMINGS, leaseSeconds: 600, heartbeatMs } });
    const id = await f.request(user, project);
    await f.until(id, ({ status }) => status === 'rendering');
    if (deaf) {
      // Whoever listens is cut off; the lease has to do without.
      await f.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'mixdown listen'",
      );
    }
    await f.cancel(user, id);
    expect(await f.ended(id)).toMatchObject({ status: 'canceled', attempt: 1, error: null });
    const [own] = await spooled();
    await expect.poll(() => readdir(`${f.render.dir}/spool/${own}`), patience).toEqual([]);
    expect(await f.events(id)).toEqual(['queued', 'rendering', 'canceled']);
  });
});

describe('a failing export', () => {
  it('names the plugin, is not tried again, and is reported', async () => {
    const ingest = await startFakeIngest();
    const telemetry = createServerTelemetry(ingest.env, { service: 'worker', release: '1' });
    const project = await f.project(user, [{ name: 'Bass', plugins: [{ catalogId: 'test.nan' }] }]);
    await f.startWorker({ telemetry });
    const row = await f.ended(await f.request(user, project));
    expect(row).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'plugin_failed' } });
    expect(row.error?.message).toContain('test.nan on the track “Bass”');
    const problem = await ingest.nextError((e) => e.tags.code === 'plugin_failed');
    expect(problem.tags).toMatchObject({
      catalogId: 'test.nan',
      version: '1.0.0',
      failure: 'non_finite',
    });
    await telemetry.flush();
    const event = await ingest.nextEvent((e) => e.event === 'export.failed');
    expect(event.properties).toMatchObject({ exportId: row.id, code: 'plugin_failed', attempt: 1 });
    await telemetry.close();
    await ingest.close();
  });

  it('of the infrastructure goes back into the queue', async () => {
    const project = await f.project(user, [{}]);
    const broken = { ...f.render.storage, put: () => Promise.reject(new Error('disk full')) };
    const worker = await f.startWorker({ storage: broken });
    const id = await f.request(user, project);
    const row = await f.until(id, ({ status, error }) => status === 'queued' && error !== null);
    expect(row).toMatchObject({ attempt: 1, error: { code: 'upload_failed' } });
    await worker.stop();
  });

  it('does not touch the others', async () => {
    const bad = await f.project(user, [{ plugins: [{ catalogId: 'test.hangs' }] }]);
    const other = await f.user();
    const good = await f.project(other, [{}]);
    await f.startWorker();
    const ids = [await f.request(user, bad), await f.request(user, bad)];
    const fine = await f.ended(await f.request(other, good));
    expect(fine.status).toBe('completed');
    for (const id of ids) {
      expect(await f.ended(id)).toMatchObject({
        status: 'failed',
        error: { code: 'plugin_failed' },
      });
    }
  });
});

describe('a worker that stops', () => {
  it('hands back what runs without counting the attempt, and leaves nothing', async () => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    const worker = await f.startWorker();
    const id = await f.request(user, project);
    await f.until(id, ({ progress }) => progress.fraction > 0);
    await worker.stop();
    expect(await f.exportRow(id)).toMatchObject({ status: 'queued', attempt: 0 });
    expect(await spooled()).toEqual([]);
    await f.cancel(user, id);
  });
});
