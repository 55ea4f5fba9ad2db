import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '@mixdown/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTestCatalog } from './testing/test-catalog.ts';

let db: TestDatabase;
let dir = '';
beforeAll(async () => {
  db = await createTestDatabase();
  dir = await mkdtemp(path.join(tmpdir(), 'mixdown main-'));
  await writeTestCatalog(path.join(dir, 'plugins'));
});
afterAll(async () => {
  await db.drop();
  await rm(dir, { recursive: true });
});

function start(env: NodeJS.ProcessEnv = {}) {
  const child = fork(path.join(import.meta.dirname, 'main.ts'), {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: db.url,
      MIXDOWN_DATA_DIR: path.join(dir, 'data'),
      PLUGIN_DIRS: path.join(dir, 'plugins'),
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...env,
    },
    // Vitest's own loader must not come along.
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, errors: () => errors };
}
const ready = (child: ChildProcess) =>
  new Promise<{ type: string; port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { type: string; port: number }));
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });

describe('the process', () => {
  it('says where it listens, serves, and ends in order when told to', async () => {
    const { child, ended } = start({ EXPORT_QUEUED_PER_USER: '7', EXPORT_RETENTION_DAYS: '2' });
    const { type, port } = await ready(child);
    expect(type).toBe('ready');
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(await answer.json()).toEqual({ status: 'ready' });
    const { rows } = await db.pool.query('select key, value from private.settings order by key');
    expect(rows).toEqual([
      { key: 'export_queued_per_user', value: 7 },
      { key: 'export_retention_seconds', value: 172_800 },
    ]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends when its supervisor is gone', async () => {
    const { child, ended } = start();
    await ready(child);
    child.disconnect();
    expect(await ended).toBe(0);
  });

  it.each([
    [{ DATABASE_URL: '' }, /^The API cannot start: DATABASE_URL must name the database/],
    [
      { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' },
      /DATABASE_URL: the database does not answer/,
    ],
    [{ R2_BUCKET: 'b' }, /R2_ACCESS_KEY_ID is missing/],
    [{ PLUGIN_DIRS: '/nowhere' }, /PLUGIN_DIRS: There is no plugin catalog at/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL must be one of/],
  ])('with %j says what is wrong, and ends', async (env, sentence) => {
    const { ended, errors } = start(env);
    expect(await ended).toBe(1);
    expect(errors()).toMatch(sentence);
    expect(errors()).not.toContain('    at ');
  });

  it('says so when its port is taken', async () => {
    const first = start();
    const { port } = await ready(first.child);
    const second = start({ PORT: String(port) });
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain(`PORT ${port}`);
    first.child.kill('SIGTERM');
    await first.ended;
  });
});
