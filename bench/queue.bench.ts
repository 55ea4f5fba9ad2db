/**
 * `npm run bench -- queue`: the exports' queue against the least that a queue in Postgres can be (raw
 * `FOR UPDATE SKIP LOCKED`), on one database in one run; beside it graphile-worker, pg-boss and BullMQ. `BENCH_RUNS`
 * sets the rounds (5). Exit code 1 where a ratio to the raw table does not hold, or a newcomer waits for more starts
 * than there are slots.
 */
import { migrate } from '../packages/database/src/migrate.ts';
import { createPool } from '../packages/database/src/pool.ts';
import { createScene } from '../packages/database/src/testing/scene.ts';
import { openBullMq } from './queue/bullmq.ts';
import type { BenchUser, Contender, OpenContender } from './queue/contender.ts';
import { openExports } from './queue/exports.ts';
import { openGraphile } from './queue/graphile.ts';
import { addAll, drain, fairness, pickUps } from './queue/measure.ts';
import { withOwnRedis } from './queue/own-redis.ts';
import { openPgBoss } from './queue/pg-boss.ts';
import { openRaw } from './queue/raw.ts';
import { FLUSHES, withOwnPostgres } from './support/own-postgres.ts';
import { median, quantile, ratioOf, ratioText, table } from './support/ratios.ts';

const rounds = Number(process.env.BENCH_RUNS ?? 5);
const USERS = 8;
const COUNT = 400;
const AT_ONCE = 4;
const PICK_UPS = 60;
const LIMITS = { enqueue: 0.4, claimAndFinish: 0.2, pickUp: 1.5 };

interface Figures {
  readonly enqueue: number[];
  readonly claimAndFinish: number[];
  readonly p50: number[];
  readonly p95: number[];
}

async function round(queue: Contender, figures: Figures | null): Promise<void> {
  const enqueue = await addAll(queue, { count: COUNT, users: USERS, atOnce: AT_ONCE });
  const claimAndFinish = await drain(queue, COUNT, AT_ONCE);
  const waits = await pickUps(queue, PICK_UPS);
  figures?.enqueue.push(enqueue);
  figures?.claimAndFinish.push(claimAndFinish);
  figures?.p50.push(median(waits));
  figures?.p95.push(quantile(waits, 0.95));
}

const whole = (values: readonly number[]) => median(values).toFixed(0);
const tenths = (values: readonly number[]) => median(values).toFixed(1);

await withOwnPostgres((databaseUrl) =>
  withOwnRedis(async (redisUrl) => {
    await migrate(databaseUrl);
    const pool = createPool(databaseUrl, { max: 2 });
    const users: BenchUser[] = [];
    for (let n = 0; n <= USERS; n++) {
      const { owner, projectId } = await createScene(pool);
      users.push({ id: owner.id, projectId });
    }
    await pool.query("select set_setting('export_queued_per_user', '1000000')");
    const { rows } = await pool.query('select daw_project_snapshot($1) as snapshot', [
      users[0]?.projectId,
    ]);
    const place = { databaseUrl, redisUrl, users, ballast: rows[0].snapshot };
    const openers: OpenContender[] = [openRaw, openExports, openGraphile, openPgBoss];
    if (redisUrl) openers.push(openBullMq);
    const open: Contender[] = [];
    try {
      for (const opener of openers) open.push(await opener(place, { limited: false }));
      const figures = new Map<Contender, Figures>(
        open.map((queue) => [queue, { enqueue: [], claimAndFinish: [], p50: [], p95: [] }]),
      );
      // The first round warms up. Who goes first changes from round to round.
      for (let n = -1; n < rounds; n++) {
        for (const queue of n % 2 ? open : [...open].reverse()) {
          await round(queue, n < 0 ? null : (figures.get(queue) ?? null));
        }
      }
      const reference = figures.get(open[0] as Contender) as Figures;
      const ratios = [['against raw', 'enqueue', 'claim + finish', 'pick-up p50']];
      const absolute = [['on this machine', 'enqueue/s', 'claim + finish/s', 'p50 ms', 'p95 ms']];
      for (const [{ name }, f] of figures) {
        const enqueue = ratioOf(f.enqueue, reference.enqueue);
        const finish = ratioOf(f.claimAndFinish, reference.claimAndFinish);
        const pickUp = ratioOf(f.p50, reference.p50);
        if (f !== reference) {
          ratios.push([name, ratioText(enqueue), ratioText(finish), ratioText(pickUp)]);
        }
        const cells = [whole(f.enqueue), whole(f.claimAndFinish), tenths(f.p50), tenths(f.p95)];
        absolute.push([name, ...cells]);
        if (name !== 'exports') continue;
        const holds =
          enqueue.median >= LIMITS.enqueue &&
          finish.median >= LIMITS.claimAndFinish &&
          pickUp.median <= LIMITS.pickUp;
        if (!holds) process.exitCode = 1;
      }
      const disk = FLUSHES
        ? 'each commit on disk'
        : 'nothing flushed to disk (BENCH_FLUSH=on does)';
      console.log(
        `${rounds} rounds of ${COUNT} jobs, ${AT_ONCE} at once, ${disk}; median (middle half)`,
      );
      console.log(`${table(ratios)}\n\n${table(absolute)}`);
      if (!redisUrl)
        console.log('BullMQ: not measured, there is neither REDIS_URL nor redis-server.');
      if (process.exitCode) {
        console.error(
          `Does not hold: enqueue ≥ ${LIMITS.enqueue}, claim + finish ≥ ${LIMITS.claimAndFinish}, pick-up ≤ ${LIMITS.pickUp}×.`,
        );
      }
      const fair = [['8 × 40 jobs before a newcomer', 'starts before', 'ms', 'most of one user']];
      for (const opener of openers.slice(1)) {
        const queue = await opener(place, { limited: true });
        open.push(queue);
        const { startsBefore, ms, mostOfOne } = await fairness(queue, AT_ONCE);
        fair.push([queue.name, String(startsBefore), ms.toFixed(0), `${mostOfOne} of 2`]);
        if (queue.name === 'exports' && (startsBefore > AT_ONCE || mostOfOne > 2)) {
          process.exitCode = 1;
          console.error(`A newcomer waits for more than ${AT_ONCE} starts, or a limit was passed.`);
        }
      }
      console.log(`\n${table(fair)}`);
      console.log(
        'Limits: graphile-worker two named queues a user; pg-boss groupConcurrency, polling every 0.5 s; BullMQ none (groups are in its paid edition).',
      );
    } finally {
      for (const queue of open) await queue.close();
      await pool.end();
    }
  }),
);
