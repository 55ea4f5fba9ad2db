import { buffer } from 'node:stream/consumers';
import type { TestUser } from '@mixdown/database/testing';
import type { ObjectStorage } from '@mixdown/storage';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderCode } from './reuse/render-code.ts';
import {
  createWorkerFixture,
  type ExportRow,
  type WorkerFixture,
} from './testing/worker-fixture.ts';
import { StoredResult } from './upload/export-result.ts';

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

const resultOf = (row: ExportRow) => StoredResult.parse(row.result);
const bytesOf = async (row: ExportRow) => {
  const found = await f.render.storage.get(row.object_key ?? 'none');
  return found && buffer(found.body);
};
const reasons = async (id: string) => {
  const { rows } = await f.pool.query<{ to_status: string; reason: string | null }>(
    'select to_status, reason from daw_export_events where export_id = $1 order by id',
    [id],
  );
  return rows;
};
const exported = async (project: string, options = {}) =>
  f.ended(await f.request(user, project, { bitDepth: 16, ...options }));

describe('an export identical to an earlier one', () => {
  it('takes over the file, says so, and keeps it when the earlier one is deleted', async () => {
    const project = await f.project(user, [{ plugins: [{ catalogId: 'mixdown.eq' }] }]);
    await f.startWorker({ reuse: true });
    const first = await exported(project);
    // Names reach no file but its name.
    await f.pool.query("update daw_projects set name = 'Renamed' where id = $1", [project]);
    const second = await exported(project);
    expect(second.error).toBeNull();
    const { reused, fileName, ...same } = resultOf(second);
    const { reused: rendered, fileName: before, ...expected } = resultOf(first);
    expect([rendered, reused, before, fileName]).toEqual([false, true, 'Test.wav', 'Renamed.wav']);
    expect(same).toEqual(expected);
    expect(second.object_key).toBe(`exports/${project}/${second.id}/1.wav`);
    expect(second.peaks).toEqual(first.peaks);
    expect(await reasons(second.id)).toEqual([
      { to_status: 'queued', reason: 'requested' },
      { to_status: 'rendering', reason: 'claimed' },
      { to_status: 'encoding', reason: `the file of export ${first.id} is the same` },
      { to_status: 'uploading', reason: `the file of export ${first.id} is the same` },
      { to_status: 'completed', reason: null },
    ]);
    const bytes = await bytesOf(first);
    await f.render.storage.delete(first.object_key ?? '');
    expect((await bytesOf(second))?.equals(bytes as Buffer)).toBe(true);
    // And what a third takes over is the second's.
    expect(resultOf(await exported(project))).toMatchObject({ reused: true, sha256: same.sha256 });
  });

  it.each<[string, (project: string, first: string) => Promise<unknown>, object]>([
    ['another option', async () => {}, { dither: false }],
    [
      'an edit',
      (project) =>
        f.pool.query('update daw_tracks set gain_db = -9 where project_id = $1', [project]),
      {},
    ],
    [
      'the earlier one under review',
      (_, first) =>
        f.pool.query('update daw_exports set quarantined_at = now() where id = $1', [first]),
      {},
    ],
    [
      'the earlier one about to expire',
      (_, first) =>
        f.pool.query("update daw_exports set expires_at = now() + '1 minute' where id = $1", [
          first,
        ]),
      {},
    ],
  ])('is rendered with %s', async (_name, change, options) => {
    const project = await f.project(user, [{}]);
    await f.startWorker({ reuse: true });
    const first = await exported(project);
    await change(project, first.id);
    const second = await exported(project, options);
    expect(second.error).toBeNull();
    expect(resultOf(second).reused).toBe(false);
  });

  it('is rendered by other code, and in another project', async () => {
    const [project, other] = [await f.project(user, [{}]), await f.project(user, [{}])];
    const worker = await f.startWorker({ reuse: true });
    await exported(project);
    expect(resultOf(await exported(other)).reused).toBe(false);
    await worker.stop();
    await f.startWorker({ reuse: true, renderCode: 'newer' });
    expect(resultOf(await exported(project)).reused).toBe(false);
  });

  it.each<[string, Partial<ObjectStorage>]>([
    ['is gone', { copy: async () => null }],
    ['has another size', { copy: async () => ({ bytes: 1 }) }],
    ['cannot be copied', { copy: () => Promise.reject(new Error('the store is down')) }],
  ])('is rendered where the earlier file %s', async (_name, broken) => {
    const project = await f.project(user, [{}]);
    await f.startWorker({ reuse: true, storage: { ...f.render.storage, ...broken } });
    const first = await exported(project);
    const second = await exported(project);
    expect(second.error).toBeNull();
    expect(resultOf(second)).toMatchObject({ reused: false, sha256: resultOf(first).sha256 });
  });

  it('is rendered where the earlier one was held back while it was being copied', async () => {
    const project = await f.project(user, [{}]);
    const { storage } = f.render;
    let first = '';
    await f.startWorker({
      reuse: true,
      storage: {
        ...storage,
        async copy(...args) {
          const copied = await storage.copy(...args);
          await f.pool.query('update daw_exports set quarantined_at = now() where id = $1', [
            first,
          ]);
          return copied;
        },
      },
    });
    first = (await exported(project)).id;
    const second = await exported(project);
    expect(second.error).toBeNull();
    expect(resultOf(second).reused).toBe(false);
    expect((await bytesOf(second))?.length).toBe(resultOf(second).bytes);
  });
});

it('the code that renders has one hash, which is of its files', async () => {
  expect(await renderCode()).toMatch(/^[0-9a-f]{64}$/);
  expect(await renderCode()).toBe(await renderCode());
});
