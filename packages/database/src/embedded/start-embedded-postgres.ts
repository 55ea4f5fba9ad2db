import { spawn } from 'node:child_process';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ensureCluster } from './cluster.ts';
import {
  type Connection,
  freePort,
  newPassword,
  readConnection,
  writeConnection,
} from './connection-file.ts';
import { exists } from './exists.ts';
import { settle } from './location.ts';
import {
  findPostmaster,
  isAlive,
  type Postmaster,
  readPidFile,
  stopPostmaster,
  waitUntilReady,
} from './postmaster.ts';
import { installedNative, prepareRuntime } from './runtime.ts';
import { type ServerUser, serverUser, spawnAs } from './server-user.ts';

export interface EmbeddedPostgresOptions {
  /** Everything stands in here; a server that is already running on it is adopted. */
  readonly dataDir: string;
  readonly log?: (line: string) => void;
  /** No flushing to disk, so that a power cut may lose everything: for tests. */
  readonly ephemeral?: boolean;
  /** Folder with `bin/postgres` and `bin/initdb`; default: what npm installed for this platform. */
  readonly native?: string;
}

export interface EmbeddedPostgres {
  /** Superuser, database `postgres`, over TCP on the loopback interface. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the server and leaves no process, and nothing outside of `dataDir`. */
  stop(): Promise<void>;
}

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Parallel plans need /dev/shm, which is tiny in many containers; our queries never profit from them.
  max_parallel_workers_per_gather: '0',
};
/** Commits still reach the system, so that a killed server loses nothing. */
const EPHEMERAL = { fsync: 'off', full_page_writes: 'off' };

/** The port was taken between our look and the server's bind. */
const PORT_TAKEN = /could not bind|Address already in use/;
/** Backends of a killed server are still ending, or somebody else starts the same cluster right now. */
const STILL_ENDING =
  /pre-existing shared memory block|lock file "postmaster.pid" (already exists|is empty)/;
/** A server that starts writes its file right after making it: one that stays empty is what a power cut left. */
const EMPTY_MS = 2_000;
const MAX_STARTS = 50;
const START_AGAIN_MS = 100;
const ADOPTION_MS = 30_000;

interface Launch {
  readonly program: string;
  readonly cluster: string;
  readonly port: number;
  readonly user: ServerUser;
  readonly logFile: string;
  readonly ephemeral: boolean;
}

/** Starts the server in a session of its own, so that Ctrl-C reaches us alone and we end it in order. */
async function launch(o: Launch): Promise<Postmaster | null> {
  const settings = { ...SETTINGS, ...(o.ephemeral ? EPHEMERAL : {}), port: String(o.port) };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(o.logFile, 'w', 0o600);
  try {
    const child = spawn(o.program, ['-D', o.cluster, ...args], {
      ...spawnAs(o.user),
      detached: true,
      // A file, not a pipe: the server outlives us if we are killed.
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return await waitUntilReady(o.cluster, child.pid as number);
  } finally {
    await log.close();
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  // Without a listener, a server that goes away in between would end this process.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The cluster's password. A cluster without one was half made, or somebody has removed the file. */
async function connectionOf(dataDir: string, cluster: string): Promise<Connection> {
  const known = await readConnection(dataDir);
  if (known) return known;
  if (await exists(path.join(cluster, 'PG_VERSION'))) {
    throw new Error(
      `${path.join(dataDir, 'connection.json')} is missing, and with it the password of the database; restore it, or use another data folder`,
    );
  }
  const made: Connection = { password: newPassword(), port: null };
  await writeConnection(dataDir, made);
  return made;
}

/**
 * After a reboot the pid in `postmaster.pid` may have gone to some other process, and Postgres would refuse to start.
 * The file of a dead process stays: by it Postgres finds out whether backends of a killed server still live. An empty
 * one it would refuse for ever.
 */
async function dropForeignPidFile(cluster: string): Promise<void> {
  const file = path.join(cluster, 'postmaster.pid');
  const found = await readPidFile(cluster);
  if (found) {
    if (!(await isAlive(found.pid)) || (await findPostmaster(cluster))) return;
  } else {
    const there = await stat(file).catch(() => null);
    if (there?.size !== 0 || Date.now() - there.mtimeMs < EMPTY_MS) return;
  }
  await rm(file, { force: true });
}

/**
 * Starts Postgres on `dataDir`, making the cluster at the first start, or adopts the server that is still running on
 * it. One owner at a time: whoever stops it stops it for everybody.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { log = () => {}, ephemeral = false } = options;
  await mkdir(options.dataDir, { recursive: true });
  const dataDir = await realpath(options.dataDir);
  const user = serverUser();
  const location = await settle(dataDir, user);
  const { cluster } = location;
  const connection = await connectionOf(dataDir, cluster);

  const handle = (postmaster: Postmaster): EmbeddedPostgres => {
    let stopped: Promise<void> | undefined;
    return {
      url: `postgres://postgres:${connection.password}@127.0.0.1:${postmaster.port}/postgres`,
      port: postmaster.port,
      pid: postmaster.pid,
      stop: () => {
        stopped ??= stopPostmaster(cluster).then(() => location.leave());
        return stopped;
      },
    };
  };
  const adopt = async (): Promise<EmbeddedPostgres | null> => {
    const deadline = performance.now() + ADOPTION_MS;
    for (
      let living = await findPostmaster(cluster);
      living;
      living = await findPostmaster(cluster)
    ) {
      const ready = await waitUntilReady(cluster, living.pid);
      const found = ready && handle(ready);
      // One that was just killed is still there for a moment.
      if (found && (await answers(found.url))) {
        log(`adopted Postgres, process ${found.pid}, on port ${found.port}`);
        return found;
      }
      if (performance.now() > deadline) {
        throw new Error(`Postgres, process ${living.pid}, runs on ${cluster} but does not answer`);
      }
      await delay(START_AGAIN_MS);
    }
    return null;
  };

  const adopted = await adopt();
  if (adopted) return adopted;
  const runtime = await prepareRuntime(options.native ?? installedNative(), location.folder, user);
  const { password } = connection;
  if (await ensureCluster({ runtime, cluster, user, password, ephemeral })) {
    log(`made a new cluster in ${cluster}`);
  }
  // Of our own until the server is ready: another process may be trying the same at this moment.
  const logFile = path.join(dataDir, `postgres.${process.pid}.log`);
  let wanted = connection.port;
  for (let starts = 1; ; starts++) {
    await dropForeignPidFile(cluster);
    const port = await freePort(wanted);
    const program = path.join(runtime, 'bin/postgres');
    const ready = await launch({ program, cluster, port, user, logFile, ephemeral });
    if (ready) {
      await rename(logFile, path.join(dataDir, 'postgres.log'));
      if (port !== connection.port) await writeConnection(dataDir, { password, port });
      log(`Postgres, process ${ready.pid}, listens on port ${port}`);
      return handle(ready);
    }
    const output = await readFile(logFile, 'utf8');
    await rm(logFile);
    if (starts < MAX_STARTS && PORT_TAKEN.test(output)) {
      wanted = null;
    } else if (starts < MAX_STARTS && STILL_ENDING.test(output)) {
      const other = await adopt();
      if (other) return other;
      await delay(START_AGAIN_MS);
    } else {
      throw new Error(`Postgres does not start:\n${output.slice(-4000)}`);
    }
  }
}
