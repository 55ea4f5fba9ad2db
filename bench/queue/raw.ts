import type { Pool, PoolClient } from 'pg';
import { startClaimLoop } from '../../apps/worker/src/claim/claim-loop.ts';
import { listen } from '../../packages/database/src/listen.ts';
import { createPool } from '../../packages/database/src/pool.ts';
import { committing, type Job, type OpenContender } from './contender.ts';

const TABLE = `
  create table if not exists raw_jobs (
    id bigint generated always as identity primary key,
    status text not null default 'queued',
    payload jsonb not null
  );
  create index if not exists raw_jobs_queued on raw_jobs (id) where status = 'queued'`;
const ADD = `with added as (insert into raw_jobs (payload) values ($1) returning id)
  select pg_notify('raw_jobs', id::text) from added`;
const CLAIM = `update raw_jobs set status = 'running' where id = (
    select id from raw_jobs where status = 'queued' order by id limit 1 for update skip locked)
  returning id, payload`;
const FINISH = `update raw_jobs set status = 'done' where id = $1`;

interface Row {
  readonly id: number;
  readonly payload: Job;
}

/**
 * The least that a queue in Postgres can be: no users, no limits, no leases, no history; one statement each to add, to
 * claim and to finish. The same claim loop, notifications and pools as for exports.
 */
export const openRaw: OpenContender = async ({ databaseUrl, ballast }) => {
  const pool = createPool(databaseUrl, { max: 10 });
  const workers = createPool(databaseUrl, { max: 10 });
  await pool.query(TABLE);
  const insert = (to: Pool | PoolClient, job: Job) =>
    to.query({ name: 'add', text: ADD, values: [JSON.stringify({ ...job, ballast })] });
  return {
    name: 'raw SKIP LOCKED',
    add: async (job) => {
      await insert(pool, job);
    },
    addAndTell: (job) => committing(pool, (client) => insert(client, job)),
    async work(o) {
      const loop = startClaimLoop<Row>({
        slots: o.slots,
        pollMs: 2_000,
        claim: async () => (await workers.query<Row>({ name: 'claim', text: CLAIM })).rows,
        async run({ id, payload }) {
          await o.run(payload);
          await workers.query({ name: 'finish', text: FINISH, values: [id] });
          o.finished?.(payload);
        },
        handBack: async ({ id }) => {
          await workers.query(`update raw_jobs set status = 'queued' where id = $1`, [id]);
        },
        onError: (error) => {
          throw error;
        },
      });
      const wakes = await listen(databaseUrl, ['raw_jobs'], () => loop.wake());
      return {
        async stop() {
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
