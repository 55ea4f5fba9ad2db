import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MixdownServer, ROOT, startMixdown } from '../support/mixdown-server.ts';

let dir: string;
const running: MixdownServer[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'mixdown start '));
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.interrupt();
  await rm(dir, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startMixdown>[0]): Promise<MixdownServer> {
  const server = await startMixdown(options);
  running.push(server);
  return server;
}

/** Command lines of all living processes that speak of `text`. */
async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid,args', '-ww']);
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

/** Polls until `probe` says yes; the test's own timeout bounds it. */
async function until(probe: () => Promise<boolean>): Promise<void> {
  while (!(await probe())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Living processes whose environment names this data folder: every part of an instance has it. */
async function partsOf(dataDir: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const own: number[] = [];
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`MIXDOWN_DATA_DIR=${dataDir}`)) own.push(Number(pid));
  }
  return own;
}

describe('starting', () => {
  it('starts twice in a row on one folder, keeps what was made, and leaves no process behind', async () => {
    const dataDir = path.join(dir, 'data');
    const first = await start({ dataDir });
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    const page = await fetch(first.url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await first.interrupt()).toBe(0);
    expect(await processesNaming(dataDir)).toEqual([]);
    expect(await partsOf(dataDir)).toEqual([]);

    const second = await start({ dataDir });
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(await second.interrupt()).toBe(0);
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it('starts again after kill -9, and its parts end by themselves', async () => {
    const dataDir = path.join(dir, 'data');
    const first = await start({ dataDir });
    first.process.kill('SIGKILL');
    const second = await start({ dataDir });
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    await until(async () => {
      try {
        await fetch(`${first.url}/healthz`);
        return false;
      } catch {
        return true;
      }
    });
    expect(await second.interrupt()).toBe(0);
    expect(await processesNaming(dataDir)).toEqual([]);
    expect(await partsOf(dataDir)).toEqual([]);
  });

  it('ends with npm, where only npm is told to', async () => {
    const dataDir = path.join(dir, 'data');
    const server = await start({ dataDir, command: ['npm', 'start'] });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    server.process.kill('SIGTERM');
    await until(async () => (await partsOf(dataDir)).length === 0);
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it('ends in order, however often it is told to', async () => {
    const dataDir = path.join(dir, 'data');
    const server = await start({ dataDir });
    const ended = once(server.process, 'exit');
    server.process.kill('SIGTERM');
    server.process.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(await processesNaming(dataDir)).toEqual([]);
    expect(await partsOf(dataDir)).toEqual([]);
  });

  it('says which port is taken and how to choose another', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    await expect(
      startMixdown({ dataDir: path.join(dir, 'data'), env: { PORT: port } }),
    ).rejects.toThrow(`port ${port} is taken by another program`);
    blocker.close();
  });

  it('refuses a second instance on the same folder', async () => {
    const dataDir = path.join(dir, 'data');
    const first = await start({ dataDir });
    await expect(startMixdown({ dataDir })).rejects.toThrow(
      `process ${first.process.pid} already runs`,
    );
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://x'],
  ])('names %s when it is %s', async (name, value) => {
    await expect(
      startMixdown({ dataDir: path.join(dir, 'data'), env: { [name]: value } }),
    ).rejects.toThrow(name);
  });

  it('runs from a path with spaces and writes only below its data folder', async () => {
    const checkout = path.join(dir, 'a check out');
    const { stdout } = await promisify(execFile)('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: ROOT,
    });
    for (const file of stdout.split('\n').filter(Boolean)) {
      await cp(path.join(ROOT, file), path.join(checkout, file)).catch(
        (error: NodeJS.ErrnoException) => {
          // Listed, but deleted in the working tree.
          if (error.code !== 'ENOENT') throw error;
        },
      );
    }
    for (const built of ['plugins/dist', 'apps/web/dist']) {
      await cp(path.join(ROOT, built), path.join(checkout, built), { recursive: true });
    }
    await linkModules(checkout);
    const before = await listing(checkout);
    const server = await start({ dataDir: path.join(dir, 'data'), cwd: checkout });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.interrupt()).toBe(0);
    expect(await listing(checkout)).toEqual(before);
  });
});

/** A node_modules of links to ours, with the workspaces' links pointing into the copy. */
async function linkModules(checkout: string): Promise<void> {
  const { mkdir } = await import('node:fs/promises');
  const target = path.join(checkout, 'node_modules');
  await mkdir(path.join(target, '@mixdown'), { recursive: true });
  for (const name of await readdir(path.join(ROOT, 'node_modules'))) {
    if (name === '@mixdown' || name === '.cache') continue;
    await symlink(path.join(ROOT, 'node_modules', name), path.join(target, name));
  }
  for (const area of ['packages', 'apps']) {
    for (const name of await readdir(path.join(checkout, area))) {
      await symlink(path.join(checkout, area, name), path.join(target, '@mixdown', name));
    }
  }
  await symlink(path.join(checkout, 'plugins'), path.join(target, '@mixdown', 'plugins'));
}

async function listing(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
