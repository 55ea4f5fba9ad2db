import type { Pool, PoolClient } from 'pg';
import { enqueueExport } from '../../apps/api/src/db/queries/request-export.ts';
import { startClaimLoop } from '../../apps/worker/src/claim/claim-loop.ts';
import { type ClaimedExport, openExportQueue } from '../../apps/worker/src/claim/export-queue.ts';
import type { StoredResult } from '../../apps/worker/src/upload/export-result.ts';
import { DEFAULT_TIMINGS } from '../../apps/worker/src/worker-deps.ts';
import type { Claims } from '../../packages/database/src/as-role.ts';
import { listen } from '../../packages/database/src/listen.ts';
import { createPool } from '../../packages/database/src/pool.ts';
import { type BenchUser, committing, type Job, type OpenContender } from './contender.ts';

const OPTIONS = {
  format: 'wav',
  bitDepth: 24,
  sampleRate: 48_000,
  scope: 'mix',
  range: { kind: 'full' },
  tail: 'auto',
  normalize: null,
  missingPlugins: 'omit',
};
const PLAN = {
  lengthFrames: 96_000,
  maxTailFrames: 0,
  sampleRate: 48_000,
  tracks: 1,
  plugins: 2,
  omitted: [],
};
const FINGERPRINT = 'f'.repeat(64);
const RESULT: StoredResult = {
  fileName: 'Song.wav',
  bytes: 1,
  sha256: 'a'.repeat(64),
  durationSeconds: 2,
  integratedLufs: -14,
  truePeakDbtp: -1,
  plugins: [],
  omitted: [],
  reused: false,
};

const claimsOf = ({ id }: BenchUser): Claims => ({ sub: id, app_metadata: { daw_role: 'pro' } });

/**
 * The product's own path: the API's query, the worker's queue, its claim loop and its notifications. Both have a pool of
 * their own, as the processes have that they run in.
 */
export const openExports: OpenContender = async ({ databaseUrl, users, ballast }) => {
  const pool = createPool(databaseUrl, { max: 10 });
  const workers = createPool(databaseUrl, { max: 10 });
  const queue = openExportQueue(workers);
  const run = crypto.randomUUID();
  const numbers = new Map<string, Job>();
  async function enqueue(to: Pool | PoolClient, job: Job): Promise<void> {
    const user = users[job.user] as BenchUser;
    const { projectId } = user;
    const key = `${run}:${job.n}`;
    const answer = await enqueueExport(
      to,
      claimsOf(user),
      { projectId, key, fingerprint: FINGERPRINT, options: OPTIONS, plan: PLAN },
      { json: JSON.stringify(ballast), name: 'Song', seq: 0 },
    );
    if ('refusal' in answer) throw new Error(answer.refusal.detail);
    numbers.set(answer.id, job);
  }
  return {
    name: 'exports',
    add: (job) => enqueue(pool, job),
    addAndTell: (job) => committing(pool, (client) => enqueue(client, job)),
    async work(o) {
      const limits = {
        worker: `bench:${process.pid}`,
        total: o.slots,
        perUser: o.perUser,
        leaseSeconds: DEFAULT_TIMINGS.leaseSeconds,
      };
      const must = (ok: boolean) => {
        if (!ok) throw new Error('a lease was lost');
      };
      const jobOf = ({ id, requestedBy }: ClaimedExport): Job =>
        numbers.get(id) ?? { user: users.findIndex((user) => user.id === requestedBy), n: -1 };
      const onError = (error: unknown) => {
        throw error;
      };
      const loop = startClaimLoop<ClaimedExport>({
        slots: o.slots,
        pollMs: DEFAULT_TIMINGS.pollMs,
        claim: () => queue.claim(limits),
        async run(claimed) {
          const job = jobOf(claimed);
          await o.run(job);
          must(await queue.advance(claimed, 'encoding'));
          must(await queue.advance(claimed, 'uploading'));
          const { projectId, id, leaseToken } = claimed;
          const key = `exports/${projectId}/${id}/${leaseToken}.wav`;
          must(await queue.complete(claimed, RESULT, key));
          o.finished?.(job);
        },
        handBack: (claimed) => queue.release(claimed),
        onError,
      });
      const wakes = await listen(databaseUrl, ['daw_export_queue'], ({ payload }) => {
        if (payload !== limits.worker) loop.wake();
      });
      // As the worker's housekeeping does it.
      const reaper = setInterval(() => void queue.reap(), DEFAULT_TIMINGS.reapMs);
      return {
        async stop() {
          clearInterval(reaper);
          await wakes.close();
          await loop.stop();
        },
      };
    },
    close: async () => {
      await pool.end();
      await workers.end();
    },
  };
};
