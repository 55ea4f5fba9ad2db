import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TestUser } from '@mixdown/database/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createWorkerFixture,
  type WorkerFixture,
} from '../../apps/worker/src/testing/worker-fixture.ts';

vi.setConfig({ testTimeout: 240_000 });

let f: WorkerFixture;
let user: TestUser;
const spawned: ChildProcess[] = [];
beforeAll(async () => {
  f = await createWorkerFixture();
  user = await f.user();
});
afterEach(() => {
  for (const child of spawned.splice(0)) child.kill('SIGKILL');
});
afterAll(() => f.close());

const MAIN = path.resolve(import.meta.dirname, '../../apps/worker/src/main.ts');

/** A worker as `npm run start:worker` starts it, by whatever command. */
async function spawnWorker(
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
): Promise<ChildProcess> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    env: {
      ...process.env,
      DATABASE_URL: f.url,
      MIXDOWN_DATA_DIR: f.render.dir,
      PLUGIN_DIRS: f.render.pluginDirs.join(path.delimiter),
      LOG_LEVEL: 'silent',
      EXPORT_SLOTS: '2',
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  spawned.push(child);
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
  });
  return child;
}

describe('a worker whose clock is an hour wrong', () => {
  it.each([
    ['fast', 3_600_000],
    ['slow', -3_600_000],
  ])('is no %s one: times and leases are the database’s', async (_name, shift) => {
    const preload = `const now = Date.now; Date.now = () => now() + ${shift};
      globalThis.Date = class extends Date { constructor(...a) { super(...(a.length ? a : [Date.now()])); } };`;
    const url = `data:text/javascript,${encodeURIComponent(preload)}`;
    await spawnWorker([process.execPath, '--import', url, MAIN]);
    const project = await f.project(user, [{}]);
    const row = await f.ended(await f.request(user, project));
    expect(row).toMatchObject({ status: 'completed', attempt: 1, error: null });
    const { rows } = await f.pool.query<{ ordered: boolean; kept: boolean }>(
      `select started_at between created_at and completed_at and completed_at <= clock_timestamp() as ordered,
        abs(extract(epoch from expires_at - completed_at) - 7 * 86400) < 1 as kept from daw_exports where id = $1`,
      [row.id],
    );
    expect(rows).toEqual([{ ordered: true, kept: true }]);
  });
});

describe('a disk that is full', () => {
  it('fails the exports that do not fit, after three attempts, and no other', async () => {
    // What a full disk and a limit on files have in common: the write fails. The limit needs no disk of its own.
    const limited = `trap '' XFSZ; ulimit -f 1024; exec "$0" "$1"`;
    const worker = await spawnWorker(['/bin/sh', '-c', limited, process.execPath, MAIN]);
    const project = await f.project(user, [{}], 480_000);
    const large = await f.request(user, project, { bitDepth: '32f' });
    // A folder of each worker, with one of each attempt in it.
    const spooled = async () =>
      (await readdir(path.join(f.render.dir, 'spool'), { recursive: true })).filter(
        (name) => path.dirname(name) !== '.',
      );
    for (const attempt of [1, 2]) {
      const row = await f.until(large, (r) => r.attempt === attempt && r.status === 'queued');
      expect(row.error).toMatchObject({ code: 'render_failed' });
      await f.pool.query('update daw_exports set available_at = clock_timestamp() where id = $1', [
        large,
      ]);
      await f.pool.query("select pg_notify('daw_export_queue', $1)", [large]);
    }
    const failed = await f.ended(large);
    expect(failed).toMatchObject({ status: 'failed', attempt: 3, object_key: null });
    const small = await f.ended(await f.request(user, await f.project(user, [{}], 4_800)));
    expect(small).toMatchObject({ status: 'completed', attempt: 1 });
    expect(worker.exitCode).toBeNull();
    await expect.poll(spooled).toEqual([]);
  });
});
