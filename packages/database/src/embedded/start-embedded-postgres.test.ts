import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exists } from './exists.ts';
import { awayFolder } from './location.ts';
import { findPostmaster, isAlive } from './postmaster.ts';
import { installedNative } from './runtime.ts';
import { serverUser } from './server-user.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';

const isRoot = serverUser() !== null;
/** Another version, as Debian has it; elsewhere that test does not run. */
const DEBIAN_15 = '/usr/lib/postgresql/15';
/** A data folder that was started and stopped once; most cases begin with a copy of it. */
let seed: string;
let dir: string;
const started: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  seed = await mkdtemp(path.join(tmpdir(), 'mixdown-launcher-seed-'));
  await chmod(seed, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: seed, ephemeral: true });
  await postgres.stop();
});
afterAll(() => rm(seed, { recursive: true, force: true }));
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'mixdown-launcher-'));
  await chmod(dir, 0o755);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const postgres of started.splice(0)) await postgres.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(
  dataDir: string,
  more: { native?: string; log?: (line: string) => void } = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, ephemeral: true, ...more });
  started.push(postgres);
  return postgres;
}

/** A copy of the seed, owners included. */
async function usedBefore(dataDir: string): Promise<string> {
  await promisify(execFile)('cp', ['-a', seed, dataDir]);
  return dataDir;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Another Node process that starts Postgres on `dataDir` and then waits; resolves to its server's pid and port. */
async function startElsewhere(
  dataDir: string,
): Promise<{ child: ChildProcess; pid: number; port: number }> {
  const module = path.join(import.meta.dirname, 'start-embedded-postgres.ts');
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    const { pid, port } = await startEmbeddedPostgres({ dataDir: process.argv[1], ephemeral: true });
    console.log(JSON.stringify({ pid, port }));
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  return { child, ...(JSON.parse(line) as { pid: number; port: number }) };
}

function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return gone;
}

/** Whether anything of this data folder stands below /var/tmp. */
const isAway = async (dataDir: string): Promise<boolean> =>
  exists(awayFolder(await realpath(dataDir)));

describe('a data folder', () => {
  it('serves over TCP on the loopback interface alone, with a password that only we can read', async () => {
    const dataDir = path.join(dir, 'data');
    const postgres = await start(dataDir);
    expect(
      await query(
        postgres.url,
        "select current_setting('listen_addresses') as tcp, current_setting('unix_socket_directories') as socket, inet_server_port() as port",
      ),
    ).toEqual([{ tcp: '127.0.0.1', socket: '', port: postgres.port }]);
    const wrong = new URL(postgres.url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect((await stat(path.join(dataDir, 'connection.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(dataDir, 'cluster'))).mode & 0o777).toBe(0o700);
  });

  it('keeps data, port and password when started twice in a row, and stop() leaves no process', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const first = await start(dataDir);
    await query(first.url, 'create table kept as select 42 as n');
    await Promise.all([first.stop(), first.stop()]);
    expect(await isAlive(first.pid)).toBe(false);
    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('takes another port when somebody has taken the last one', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const first = await start(dataDir);
    await first.stop();
    const blocker = await new Promise<Server>((resolve) => {
      const server = createServer().listen(first.port, '127.0.0.1', () => resolve(server));
    });
    try {
      const second = await start(dataDir);
      expect(second.port).not.toBe(first.port);
      expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    } finally {
      blocker.close();
    }
  });

  it('says so when the password is missing, or the cluster is of another version', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const postgres = await start(dataDir);
    await postgres.stop();
    const connection = path.join(dataDir, 'connection.json');
    const kept = await readFile(connection);
    await rm(connection);
    await expect(start(dataDir)).rejects.toThrow('connection.json is missing');
    await writeFile(connection, kept);
    await writeFile(path.join(dataDir, 'cluster/PG_VERSION'), '12\n');
    await expect(start(dataDir)).rejects.toThrow('was made by Postgres 12 and this is 17');
  });

  it('says why the server did not start', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    await writeFile(path.join(dataDir, 'cluster/postgresql.conf'), 'nonsense = on\n');
    await expect(start(dataDir)).rejects.toThrow('unrecognized configuration parameter "nonsense"');
  });
});

describe('after a crash', () => {
  it('adopts the server that outlived a killed Node', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const { child, pid, port } = await startElsewhere(dataDir);
    await killed(child);
    const lines: string[] = [];
    const adopted = await start(dataDir, { log: (line) => lines.push(line) });
    expect(adopted).toMatchObject({ pid, port });
    expect(lines).toEqual([`adopted Postgres, process ${pid}, on port ${port}`]);
    expect(await query(adopted.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await adopted.stop();
    expect(await isAlive(pid)).toBe(false);
  });

  it('recovers when the server itself was killed', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const first = await start(dataDir);
    await query(first.url, 'create table kept as select 42 as n');
    process.kill(first.pid, 'SIGKILL');
    const second = await start(dataDir);
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('starts although the pid of its last server belongs to somebody else now', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const user = serverUser();
    const somebody = spawn('sleep', ['600'], { ...(user ?? {}), stdio: 'ignore' });
    children.push(somebody);
    await writeFile(
      path.join(dataDir, 'cluster/postmaster.pid'),
      `${somebody.pid}\n${dataDir}/cluster\n0\n1\n\n127.0.0.1\n0 0\nready\n`,
    );
    const postgres = await start(dataDir);
    expect(postgres.pid).not.toBe(somebody.pid);
    expect(await isAlive(somebody.pid as number)).toBe(true);
  });

  it('does not mind the rest of an interrupted initdb', async () => {
    const dataDir = path.join(dir, 'data');
    await mkdir(path.join(dataDir, 'cluster.99999999/base'), { recursive: true });
    await writeFile(path.join(dataDir, 'cluster.99999999/PG_VERSION'), '17\n');
    const postgres = await start(dataDir);
    expect(await query(postgres.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('starts although a power cut has left the file of its pid empty', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const file = path.join(dataDir, 'cluster/postmaster.pid');
    await writeFile(file, '');
    await utimes(file, new Date(0), new Date(0));
    const postgres = await start(dataDir);
    expect(await query(postgres.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('gives the same server to two that start at once', async () => {
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const both = await Promise.all([startElsewhere(dataDir), startElsewhere(dataDir)]);
    expect(both[0].pid).toBe(both[1].pid);
    const third = await start(dataDir);
    expect(third.pid).toBe(both[0].pid);
  });
});

describe('as root', () => {
  it.runIf(isRoot)(
    'works below a folder that nobody else may enter, with a space in its name',
    async () => {
      const closed = path.join(dir, 'closed folder');
      await mkdir(closed, { mode: 0o700 });
      const dataDir = path.join(closed, 'my data');
      const first = await start(dataDir);
      await query(first.url, 'create table kept as select 42 as n');
      expect(await isAway(dataDir)).toBe(true);
      await first.stop();
      expect(await isAway(dataDir)).toBe(false);
      expect(await exists(path.join(dataDir, 'cluster/PG_VERSION'))).toBe(true);
      const second = await start(dataDir);
      expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
      await second.stop();
      // And stays with the folder when that is opened.
      await chmod(closed, 0o755);
      const third = await start(dataDir);
      expect(await isAway(dataDir)).toBe(false);
      expect(await query(third.url, 'select n from kept')).toEqual([{ n: 42 }]);
    },
  );

  it.runIf(isRoot)('adopts there too, also once the folder has been opened', async () => {
    await chmod(dir, 0o700);
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const { child, pid } = await startElsewhere(dataDir);
    await killed(child);
    await chmod(dir, 0o755);
    const adopted = await start(dataDir);
    expect(adopted.pid).toBe(pid);
    await adopted.stop();
    expect(await isAway(dataDir)).toBe(false);
    expect(await exists(path.join(dataDir, 'cluster/PG_VERSION'))).toBe(true);
  });

  it.runIf(isRoot)(
    'finds the cluster again when Node and server were both killed there',
    async () => {
      await chmod(dir, 0o700);
      const dataDir = await usedBefore(path.join(dir, 'data'));
      const { child, pid } = await startElsewhere(dataDir);
      const { port, password } = JSON.parse(
        await readFile(path.join(dataDir, 'connection.json'), 'utf8'),
      ) as { port: number; password: string };
      await query(
        `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
        'create table kept as select 42 as n',
      );
      await killed(child);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => isAlive(pid)).toBe(false);
      await chmod(dir, 0o755);
      const postgres = await start(dataDir);
      expect(await query(postgres.url, 'select n from kept')).toEqual([{ n: 42 }]);
      expect(await isAway(dataDir)).toBe(false);
    },
  );

  it.runIf(isRoot)(
    'removes what killed instances left there, a day after their data folder went',
    async () => {
      const gone = path.join(dir, 'gone');
      const left = awayFolder(gone);
      const fresh = awayFolder(`${gone} today`);
      for (const [folder, owner] of [
        [left, gone],
        [fresh, `${gone} today`],
      ] as const) {
        await mkdir(path.join(folder, 'cluster'), { recursive: true });
        await writeFile(path.join(folder, 'owner'), owner);
      }
      const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
      await utimes(path.join(left, 'owner'), twoDaysAgo, twoDaysAgo);
      try {
        await start(await usedBefore(path.join(dir, 'data')));
        expect([await exists(left), await exists(fresh)]).toEqual([false, true]);
      } finally {
        await rm(fresh, { recursive: true, force: true });
      }
    },
  );

  it.runIf(isRoot)('uses no folder below /var/tmp that others can write to', async () => {
    await chmod(dir, 0o700);
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const folder = awayFolder(await realpath(dataDir));
    await mkdir(folder);
    await chmod(folder, 0o777);
    try {
      await expect(start(dataDir)).rejects.toThrow('belongs to somebody else');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the programs', () => {
  it('get their library links without an install script, and nothing is written where npm put them', async () => {
    const native = path.join(dir, 'native');
    await cp(installedNative(), native, { recursive: true });
    const { target } = (
      JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
        target: string;
      }[]
    )[0] as { target: string };
    await rm(path.join(dir, target), { force: true });
    const listed = await readdir(native, { recursive: true });
    const dataDir = path.join(dir, 'data');
    const postgres = await start(dataDir, { native });
    expect(await query(postgres.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(await readdir(native, { recursive: true })).toEqual(listed);
    expect(await exists(path.join(dataDir, 'runtime/lib', path.basename(target)))).toBe(true);
  });

  it('run where npm put them if their links are there', async () => {
    const complete = path.join(dir, 'complete');
    await cp(path.join(seed, 'runtime'), complete, { recursive: true, verbatimSymlinks: true });
    await start(path.join(dir, 'other'), { native: complete });
    expect(await exists(path.join(dir, 'other/runtime'))).toBe(false);
  });

  it.runIf(isRoot)('are copied from a checkout that nobody else may enter', async () => {
    const closed = path.join(dir, 'closed checkout');
    await mkdir(closed, { mode: 0o700 });
    await cp(installedNative(), path.join(closed, 'native'), { recursive: true, mode: 0 });
    await chmod(path.join(closed, 'native/bin/postgres'), 0o700);
    const postgres = await start(path.join(dir, 'data'), { native: path.join(closed, 'native') });
    expect(await query(postgres.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('are brought again when another version has been installed', async () => {
    const native = path.join(dir, 'native');
    await cp(installedNative(), native, { recursive: true });
    const dataDir = await usedBefore(path.join(dir, 'data'));
    const kept = path.join(dataDir, 'runtime/bin/postgres');
    await rm(kept);
    await writeFile(kept, 'an older one');
    await start(dataDir, { native });
    expect((await stat(kept)).size).toBe((await stat(path.join(native, 'bin/postgres'))).size);
  });

  it.runIf(existsSync(`${DEBIAN_15}/bin/postgres`))('may be Postgres 15', async () => {
    const dataDir = path.join(dir, 'data');
    const postgres = await start(dataDir, { native: DEBIAN_15 });
    expect(
      await query(postgres.url, "select current_setting('server_version_num')::int / 10000 as v"),
    ).toEqual([{ v: 15 }]);
    expect((await findPostmaster(path.join(dataDir, 'cluster')))?.pid).toBe(postgres.pid);
  });
});
