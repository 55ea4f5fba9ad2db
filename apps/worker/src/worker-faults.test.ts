import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestUser } from '@mixdown/database/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { LONG, LONG_FRAMES } from './testing/render-fixture.ts';
import { createWorkerFixture, type WorkerFixture } from './testing/worker-fixture.ts';

// Real renders on a machine that others use too: patience, where a hang would be a failure anyway.
vi.setConfig({ testTimeout: 240_000 });

let f: WorkerFixture;
let user: TestUser;
const spawned: ChildProcess[] = [];
beforeAll(async () => {
  f = await createWorkerFixture();
  user = await f.user();
});
afterEach(async () => {
  for (const child of spawned.splice(0)) child.kill('SIGKILL');
  await Promise.all(f.workers.splice(0).map((worker) => worker.stop()));
});
afterAll(() => f.close());

/** Most that is waited for a process to notice something. */
const patience = { timeout: 30_000 };

/** Render processes of a worker process, as Linux lists them. */
async function rendersOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir('/proc')).filter((n) => /^\d+$/.test(n))) {
    const [status, command] = await Promise.all([
      readFile(`/proc/${name}/status`, 'utf8').catch(() => ''),
      readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => ''),
    ]);
    const isChild = new RegExp(`^PPid:\\t${parent}$`, 'm').test(status);
    if (isChild && command.includes('render-child.main')) found.push(Number(name));
  }
  return found;
}

const isGone = (pid: number) => {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
};

/** A worker as `npm run start:worker` starts it. */
async function spawnWorker(env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: f.url,
      MIXDOWN_DATA_DIR: f.render.dir,
      PLUGIN_DIRS: f.render.pluginDirs.join(path.delimiter),
      LOG_LEVEL: 'warn',
      EXPORT_SLOTS: '1',
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

describe('a render process that is killed', () => {
  it('is tried again, and the export completes', async () => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    await f.startWorker();
    const id = await f.request(user, project);
    await f.until(id, ({ progress }) => progress.fraction > 0);
    const [pid = 0] = await rendersOf(process.pid);
    process.kill(pid, 'SIGKILL');
    const failed = await f.until(id, ({ status }) => status === 'queued');
    expect(failed).toMatchObject({ attempt: 1, error: { code: 'render_crashed' } });
    // Not the backoff is under test.
    await f.pool.query('update daw_exports set available_at = clock_timestamp() where id = $1', [
      id,
    ]);
    const row = await f.ended(id);
    expect(row).toMatchObject({ status: 'completed', attempt: 2, error: null });
    expect(row.result).toMatchObject({ durationSeconds: 120 });
  });
});

describe('a worker that is killed', () => {
  it('takes its render along, and another one finishes the export after the lease', async () => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    const victim = await spawnWorker();
    const id = await f.request(user, project);
    await f.until(id, ({ progress }) => progress.fraction > 0);
    const [render = 0] = await rendersOf(victim.pid ?? 0);
    victim.kill('SIGKILL');
    await expect.poll(() => isGone(render), patience).toBe(true);
    const leftBehind = await readdir(path.join(f.render.dir, 'spool'));
    expect(leftBehind).toHaveLength(1);
    await f.startWorker();
    // The next worker of the host clears away what the killed one left.
    expect(await readdir(path.join(f.render.dir, 'spool'))).not.toContain(leftBehind[0]);
    const row = await f.ended(id);
    expect(row).toMatchObject({ status: 'completed', attempt: 2 });
    expect(row.object_key).toMatch(/\/2\.wav$/);
  });

  it('comes back too late: a stale lease changes nothing', async () => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    await f.startWorker();
    const id = await f.request(user, project);
    await f.until(id, ({ progress }) => progress.fraction > 0);
    // As if another worker had been given the export meanwhile.
    await f.pool.query(
      "update daw_exports set lease_token = lease_token + 1, worker = 'other', lease_expires_at = clock_timestamp() + interval '1 hour' where id = $1",
      [id],
    );
    await expect.poll(() => rendersOf(process.pid), patience).toEqual([]);
    expect(await f.exportRow(id)).toMatchObject({
      status: 'rendering',
      worker: 'other',
      error: null,
    });
    await f.pool.query('delete from daw_exports where id = $1', [id]);
  });
});

describe('a worker that is asked to stop', () => {
  it.each<[string, (worker: ChildProcess) => unknown]>([
    ['SIGTERM', (worker) => worker.kill('SIGTERM')],
    ['the end of its supervisor', (worker) => worker.disconnect()],
  ])('by %s hands back what runs, and is gone', async (_name, ask) => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    const worker = await spawnWorker();
    const id = await f.request(user, project);
    await f.until(id, ({ progress }) => progress.fraction > 0);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    const renders = await rendersOf(worker.pid ?? 0);
    ask(worker);
    expect(await ended).toBe(0);
    expect(renders.filter((pid) => !isGone(pid))).toEqual([]);
    expect(await f.exportRow(id)).toMatchObject({ status: 'queued', attempt: 0 });
    await f.cancel(user, id);
  });
});

describe('the supervisor', () => {
  it('hears which variable is wrong', async () => {
    await expect(spawnWorker({ EXPORT_SLOTS: 'many' })).rejects.toThrow('ended with 1');
  });
});

describe('two workers', () => {
  it('share ten exports of two people without ever passing a limit', async () => {
    const people = [user, await f.user()];
    const total = 3;
    const perUser = 2;
    await f.startWorker({ total, perUser });
    await f.startWorker({ total, perUser });
    const ids: string[] = [];
    for (const person of people) {
      const project = await f.project(person, [{}], 96_000);
      for (let i = 0; i < 5; i++) ids.push(await f.request(person, project));
    }
    for (const id of ids) {
      expect(await f.ended(id)).toMatchObject({ status: 'completed', attempt: 1 });
    }
    const { rows } = await f.pool.query<{ requested_by: string; to_status: string }>(
      `select requested_by, to_status from daw_export_events join daw_exports e on e.id = export_id
       where export_id = any($1) and to_status in ('rendering', 'completed') order by daw_export_events.id`,
      [ids],
    );
    const running = new Map<string, number>();
    for (const { requested_by, to_status } of rows) {
      const now = (running.get(requested_by) ?? 0) + (to_status === 'rendering' ? 1 : -1);
      running.set(requested_by, now);
      expect(now).toBeLessThanOrEqual(perUser);
      expect([...running.values()].reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(total);
    }
    expect(rows).toHaveLength(20);
  });
});

describe('objects of deleted rows', () => {
  it('are deleted, with everything that belonged to them', async () => {
    const project = await f.project(user, [{}]);
    await f.startWorker();
    const { object_key } = await f.ended(await f.request(user, project));
    expect(await f.render.storage.head(object_key ?? '')).not.toBeNull();
    await f.pool.query('delete from daw_projects where id = $1', [project]);
    await expect.poll(() => f.render.storage.head(object_key ?? ''), patience).toBeNull();
    const left = async () => {
      const keys = [];
      for await (const { key } of f.render.storage.list(`exports/${project}/`)) keys.push(key);
      return keys;
    };
    await expect.poll(left, patience).toEqual([]);
  });
});

describe('Postgres cut off', () => {
  it('in the middle of a render costs nothing: the lease outlasts it', async () => {
    const project = await f.project(user, LONG, LONG_FRAMES);
    await f.startWorker();
    const id = await f.request(user, project);
    await f.until(id, ({ progress }) => progress.fraction > 0);
    await f.pool
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      .catch(() => undefined);
    expect(await f.ended(id)).toMatchObject({ status: 'completed', attempt: 1 });
  });
});
