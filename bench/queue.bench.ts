/**
 * `npm run bench -- queue`: the exports' queue against the least that a queue in Postgres can be (raw
 * `FOR UPDATE SKIP LOCKED`), on one database in one run; beside it graphile-worker, pg-boss and BullMQ. All of them
 * carry the same snapshot: of a song as large as the demo, and, ours and the raw one, of the smallest project that
 * sounds. `BENCH_RUNS` sets the rounds (5). Exit code 1 where a ratio to the raw table does not hold with
 * the song, or a newcomer waits for more starts than there are slots.
 */
import type { Pool } from 'pg';
import { migrate } from '../packages/database/src/migrate.ts';
import { createPool } from '../packages/database/src/pool.ts';
import { createScene } from '../packages/database/src/testing/scene.ts';
import { openBullMq } from './queue/bullmq.ts';
import type { BenchUser, Contender, OpenContender, Place } from './queue/contender.ts';
import { openExports } from './queue/exports.ts';
import { openGraphile } from './queue/graphile.ts';
import { addAll, drain, fairness, pickUps } from './queue/measure.ts';
import { withOwnRedis } from './queue/own-redis.ts';
import { openPgBoss } from './queue/pg-boss.ts';
import { openRaw } from './queue/raw.ts';
import { growToSong } from './queue/song.ts';
import { FLUSHES, withOwnPostgres } from './support/own-postgres.ts';
import { median, quantile, ratioOf, ratioText, table } from './support/ratios.ts';

const rounds = Number(process.env.BENCH_RUNS ?? 5);
/** As many as may wait at once under the product's own limit: ten of each. */
const USERS = 40;
const COUNT = 400;
const AT_ONCE = 4;
/** One round's pick-ups are taken in turns, so that what a machine does meanwhile falls on all of them. */
const TURNS = 10;
const PICK_UPS = 20;
const LIMITS = { enqueue: 0.4, claimAndFinish: 0.2, pickUp: 1.5 };

interface Figures {
  readonly enqueue: number[];
  readonly claimAndFinish: number[];
  readonly p50: number[];
  readonly p95: number[];
}

/** All of them once, in this order; `figures` have one entry a round, for the pick-ups one a turn. */
async function round(queues: readonly Contender[], figures: Map<Contender, Figures> | null) {
  for (const queue of queues) {
    const enqueue = await addAll(queue, { count: COUNT, users: USERS, atOnce: AT_ONCE });
    const claimAndFinish = await drain(queue, COUNT, AT_ONCE);
    figures?.get(queue)?.enqueue.push(enqueue);
    figures?.get(queue)?.claimAndFinish.push(claimAndFinish);
  }
  for (let turn = 0; turn < TURNS; turn++) {
    for (const queue of turn % 2 ? queues : [...queues].reverse()) {
      const waits = await pickUps(queue, PICK_UPS);
      figures?.get(queue)?.p50.push(median(waits));
      figures?.get(queue)?.p95.push(quantile(waits, 0.95));
    }
  }
}

const whole = (values: readonly number[]) => median(values).toFixed(0);
const tenths = (values: readonly number[]) => median(values).toFixed(1);

/** Users with a project each, of the demo's size or of the smallest, and the snapshot of one. */
async function peopleWith(pool: Pool, size: 'demo' | 'smallest'): Promise<[BenchUser[], unknown]> {
  const users: BenchUser[] = [];
  for (let n = 0; n <= USERS; n++) {
    const { owner, projectId } = await createScene(pool);
    if (size === 'demo') await growToSong(pool, projectId);
    users.push({ id: owner.id, projectId });
  }
  const { rows } = await pool.query('select daw_project_snapshot($1) as snapshot', [
    users[0]?.projectId,
  ]);
  return [users, rows[0].snapshot];
}

/** Rounds of one queue beside the raw table, with nobody else there: what a library does by itself falls on no other. */
async function besideRaw(place: Place, opener: OpenContender) {
  const open: Contender[] = [];
  try {
    for (const one of [openRaw, opener]) open.push(await one(place, { limited: false }));
    const figures = new Map<Contender, Figures>(
      open.map((queue) => [queue, { enqueue: [], claimAndFinish: [], p50: [], p95: [] }]),
    );
    // The first round warms up. Who goes first changes from round to round.
    for (let n = -1; n < rounds; n++) {
      await round(n % 2 ? open : [...open].reverse(), n < 0 ? null : figures);
    }
    const [[, raw], [{ name }, own]] = [...figures] as [[Contender, Figures], [Contender, Figures]];
    return { name, raw, own };
  } finally {
    for (const queue of open) await queue.close();
  }
}

/** Prints how each of `openers` does against the raw table; whether the first one holds the limits. */
async function compare(
  what: string,
  place: Place,
  openers: readonly OpenContender[],
): Promise<boolean> {
  const ratios = [['against raw', 'enqueue', 'claim + finish', 'pick-up p50']];
  const absolute = [['on this machine', 'enqueue/s', 'claim + finish/s', 'p50 ms', 'p95 ms']];
  const line = (name: string, f: Figures) => {
    absolute.push([name, whole(f.enqueue), whole(f.claimAndFinish), tenths(f.p50), tenths(f.p95)]);
  };
  let holds = true;
  for (const opener of openers) {
    const { name, raw, own } = await besideRaw(place, opener);
    const enqueue = ratioOf(own.enqueue, raw.enqueue);
    const finish = ratioOf(own.claimAndFinish, raw.claimAndFinish);
    const pickUp = ratioOf(own.p50, raw.p50);
    ratios.push([name, ratioText(enqueue), ratioText(finish), ratioText(pickUp)]);
    if (opener === openers[0]) {
      line('raw SKIP LOCKED', raw);
      holds =
        enqueue.median >= LIMITS.enqueue &&
        finish.median >= LIMITS.claimAndFinish &&
        pickUp.median <= LIMITS.pickUp;
    }
    line(name, own);
  }
  const kib = (JSON.stringify(place.ballast).length / 1024).toFixed(1);
  console.log(`${what}, ${kib} KiB each\n${table(ratios)}\n\n${table(absolute)}\n`);
  return holds;
}

await withOwnPostgres((databaseUrl) =>
  withOwnRedis(async (redisUrl) => {
    await migrate(databaseUrl);
    const pool = createPool(databaseUrl, { max: 2 });
    const openers: OpenContender[] = [openExports, openGraphile, openPgBoss];
    if (redisUrl) openers.push(openBullMq);
    try {
      const disk = FLUSHES
        ? 'each commit on disk'
        : 'nothing flushed to disk (BENCH_FLUSH=on does)';
      console.log(
        `${rounds} rounds of ${COUNT} jobs, ${AT_ONCE} at once, ${disk}; median (middle half)\n`,
      );
      const [makers, snapshot] = await peopleWith(pool, 'demo');
      const song: Place = { databaseUrl, redisUrl, users: makers, ballast: snapshot };
      const holds = await compare('A song like the demo', song, openers);
      const [beginners, small] = await peopleWith(pool, 'smallest');
      await compare(
        'The smallest project',
        { ...song, users: beginners, ballast: small },
        openers.slice(0, 1),
      );
      if (!redisUrl)
        console.log('BullMQ: not measured, there is neither REDIS_URL nor redis-server.');
      if (!holds) {
        process.exitCode = 1;
        console.error(
          `Does not hold with the song: enqueue ≥ ${LIMITS.enqueue}, claim + finish ≥ ${LIMITS.claimAndFinish}, pick-up ≤ ${LIMITS.pickUp}×.`,
        );
      }
      await pool.query("select set_setting('export_queued_per_user', '1000000')");
      const fair = [['8 × 40 jobs before a newcomer', 'starts before', 'ms', 'most of one user']];
      for (const opener of openers) {
        const queue = await opener(song, { limited: true });
        try {
          const { startsBefore, ms, mostOfOne } = await fairness(queue, AT_ONCE);
          fair.push([queue.name, String(startsBefore), ms.toFixed(0), `${mostOfOne} of 2`]);
          if (queue.name !== 'exports' || (startsBefore <= AT_ONCE && mostOfOne <= 2)) continue;
          process.exitCode = 1;
          console.error(`A newcomer waits for more than ${AT_ONCE} starts, or a limit was passed.`);
        } finally {
          await queue.close();
        }
      }
      console.log(`\n${table(fair)}`);
      console.log(
        'Limits: graphile-worker two named queues a user; pg-boss groupConcurrency, polling every 0.5 s; BullMQ none (groups are in its paid edition).',
      );
    } finally {
      await pool.end();
    }
  }),
);
