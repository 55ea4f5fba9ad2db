import type { TestUser } from '@mixdown/database/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FakeS3, startFakeS3 } from '../../../tests/support/fake-s3/index.ts';
import { createWorkerFixture, type WorkerFixture } from './testing/worker-fixture.ts';

// Real renders on a machine that others use too: patience, where a hang would be a failure anyway.
vi.setConfig({ testTimeout: 240_000 });

let s3: FakeS3;
let f: WorkerFixture;
let user: TestUser;
beforeAll(async () => {
  s3 = await startFakeS3();
  f = await createWorkerFixture({ ...s3.env });
  user = await f.user();
});
afterEach(async () => {
  s3.faults.clear();
  await Promise.all(f.workers.splice(0).map((worker) => worker.stop()));
});
afterAll(async () => {
  await f.close();
  await s3.close();
});

const exportsStored = () =>
  [...s3.bucket.objects.keys()].filter((key) => key.startsWith('exports/'));
/** 30 s at 32 bits: more than one part. */
const FRAMES = 1_440_000;

describe('a worker on R2', () => {
  it('reads audio from it and stores the file with name and type', async () => {
    const project = await f.project(user, [{}], FRAMES);
    await f.startWorker();
    const row = await f.ended(await f.request(user, project, { bitDepth: '32f' }));
    expect(row.error).toBeNull();
    const stored = s3.bucket.objects.get(row.object_key ?? '');
    expect(stored).toMatchObject({
      contentType: 'audio/wav',
      contentDisposition: 'attachment; filename="Test.wav"',
    });
    expect(stored?.body.length).toBe(row.result?.bytes);
    expect(stored?.etag).toMatch(/-\d+"$/);
  });

  it('gets over errors and resets of the store without another attempt', async () => {
    const project = await f.project(user, [{}], FRAMES);
    s3.faults.add({ method: 'GET' }, { kind: 'status', status: 503, code: 'SlowDown' });
    s3.faults.add({ method: 'GET' }, { kind: 'reset', when: 'before' });
    s3.faults.add({ method: 'PUT', query: 'partNumber' }, { kind: 'reset', when: 'after' });
    await f.startWorker();
    const row = await f.ended(await f.request(user, project, { bitDepth: '32f' }));
    expect(row).toMatchObject({ status: 'completed', attempt: 1 });
    expect(s3.bucket.uploads.size).toBe(0);
  });

  it('goes back into the queue when the store refuses, and leaves nothing there', async () => {
    const project = await f.project(user, [{}], FRAMES);
    const before = exportsStored();
    s3.faults.add({ method: 'PUT' }, { kind: 'status', status: 403, code: 'AccessDenied' }, 99);
    await f.startWorker();
    const id = await f.request(user, project, { bitDepth: '32f' });
    const row = await f.until(id, ({ error }) => error !== null);
    expect(row).toMatchObject({ status: 'queued', attempt: 1, error: { code: 'upload_failed' } });
    expect(exportsStored()).toEqual(before);
    expect(s3.bucket.uploads.size).toBe(0);
    await f.cancel(user, id);
  });

  it('stops in the middle of an upload when canceled, and leaves nothing there', async () => {
    const project = await f.project(user, [{}], FRAMES);
    const before = exportsStored();
    s3.faults.add({ method: 'PUT', query: 'partNumber' }, { kind: 'hang' }, 99);
    await f.startWorker();
    const id = await f.request(user, project, { bitDepth: '32f' });
    await f.until(id, ({ status }) => status === 'uploading');
    await expect.poll(() => s3.bucket.uploads.size, { timeout: 30_000 }).toBe(1);
    await f.cancel(user, id);
    expect(await f.ended(id)).toMatchObject({ status: 'canceled' });
    expect(exportsStored()).toEqual(before);
    expect(s3.bucket.uploads.size).toBe(0);
  });
});
