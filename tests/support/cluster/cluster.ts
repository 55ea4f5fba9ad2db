import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createPool,
  type EmbeddedPostgres,
  migrate,
  startEmbeddedPostgres,
} from '@mixdown/database';
import type { Pool } from 'pg';
import { type FakeS3, startFakeS3 } from '../fake-s3/index.ts';
import { hasEnded, killNode, type Node, startNode, stopNode } from './processes.ts';

export interface ClusterOptions {
  readonly apis: number;
  readonly workers: number;
  /** Exports at once over all workers, and of one user. */
  readonly slots: number;
  readonly perUser: number;
  readonly queuedPerUser: number;
  /** Whether identical exports share the work; by default each is rendered. */
  readonly reuse?: boolean;
  /** Settings of its nodes beyond these. */
  readonly env?: NodeJS.ProcessEnv;
  /** Rooms talk through this Redis instead of Postgres. */
  readonly redisUrl?: string;
}

/** API and render nodes as processes, on one Postgres and one S3-compatible store, all on the loopback interface. */
export interface Cluster {
  readonly s3: FakeS3;
  readonly apis: Node[];
  readonly workers: Node[];
  pool(): Pool;
  /** Address of an API node that runs now. */
  url(): string;
  /** Puts a new node in the place of one that was killed. */
  replace(node: Node): Promise<void>;
  /** Kills Postgres with all its backends, as a crashed machine would, and starts it again. */
  crashPostgres(): Promise<void>;
  close(): Promise<void>;
}

const open = new Set<() => Promise<void>>();

/** For commands: whoever breaks one off leaves no process behind, and no folder. Postgres runs in a session of its own. */
export function endClustersOnSignal(): void {
  const end = async () => {
    await Promise.allSettled([...open].map((abandon) => abandon()));
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
}

export async function startCluster(o: ClusterOptions): Promise<Cluster> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mixdown-chaos-'));
  const s3 = await startFakeS3();
  const dataDir = path.join(folder, 'postgres');
  let postgres: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, ephemeral: true });
  await migrate(postgres.url);
  const openPool = () => {
    const pool = createPool(postgres.url, { max: 4, applicationName: 'chaos' });
    pool.on('error', () => {});
    return pool;
  };
  let pool = openPool();
  const env: NodeJS.ProcessEnv = {
    ...s3.env,
    DATABASE_URL: postgres.url,
    // One folder for all: the embedded sign-in keeps its signing key there.
    MIXDOWN_DATA_DIR: path.join(folder, 'data'),
    EXPORT_SLOTS: String(o.slots),
    EXPORT_SLOTS_PER_WORKER: String(Math.max(1, Math.ceil(o.slots / 2))),
    EXPORT_RUNNING_PER_USER: String(o.perUser),
    EXPORT_QUEUED_PER_USER: String(o.queuedPerUser),
    EXPORT_REUSE: o.reuse ? 'on' : 'off',
    RATE_LIMIT_PER_MINUTE: '10000000',
    AUTH_ATTEMPTS_PER_MINUTE: '1000000',
    LOG_LEVEL: 'silent',
    ...(o.redisUrl && { REDIS_URL: o.redisUrl }),
    PORT: '0',
    HOST: '127.0.0.1',
    ...o.env,
  };
  const apis: Node[] = [];
  const workers: Node[] = [];
  const abandon = async () => {
    await Promise.allSettled([...workers, ...apis].map(killNode));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  open.add(abandon);
  for (let n = 0; n < o.apis; n++) apis.push(await startNode('api', env));
  for (let n = 0; n < o.workers; n++) workers.push(await startNode('worker', env));
  let turn = 0;

  return {
    s3,
    apis,
    workers,
    pool: () => pool,
    url() {
      const living = apis.filter((node) => !hasEnded(node.child));
      const node = living[turn++ % Math.max(1, living.length)];
      return `http://127.0.0.1:${node?.ready.port ?? 1}`;
    },
    async replace(node) {
      await killNode(node);
      const list = apis.includes(node) ? apis : workers;
      list[list.indexOf(node)] = await startNode(list === apis ? 'api' : 'worker', env);
    },
    async crashPostgres() {
      const { url } = postgres;
      process.kill(postgres.pid, 'SIGKILL');
      await pool.end().catch(() => {});
      postgres = await startEmbeddedPostgres({ dataDir, ephemeral: true });
      if (postgres.url !== url) throw new Error('Postgres came back on another port');
      pool = openPool();
    },
    async close() {
      open.delete(abandon);
      await Promise.all([...workers, ...apis].map(stopNode));
      await pool.end();
      await postgres.stop();
      await s3.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
