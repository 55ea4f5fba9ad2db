import { parseArgs } from 'node:util';
import { inspect } from '../chaos/verify.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { createPerson, requestExport } from '../support/cluster/people.ts';
import { followExport } from './follow-export.ts';

const SLOTS = 3;
const PER_USER = 2;
/** Of one person; the rest are told to come back, and do. */
const QUEUED = 20;
/** Above it identical exports share the work, so that the queue is under load and not the renderer. */
const MOST_RENDERED = 100;

/** Exports whose streams are listened to, and the promise that they are held to. */
const FOLLOWED = 10;
const TOLD_WITHIN_MS = 250;

interface Sample {
  readonly seconds: number;
  readonly waiting: number;
  readonly running: number;
  readonly completed: number;
}

async function sample(cluster: Cluster, since: number): Promise<Sample> {
  const { rows } = await cluster
    .pool()
    .query<{ status: string; n: number }>(
      'select status, count(*)::int as n from daw_exports group by status',
    );
  const n = (...which: string[]) =>
    rows.filter((r) => which.includes(r.status)).reduce((sum, r) => sum + r.n, 0);
  return {
    seconds: (performance.now() - since) / 1000,
    waiting: n('queued'),
    running: n('rendering', 'encoding', 'uploading'),
    completed: n('completed'),
  };
}

const ROWS = 14;

function print(samples: readonly Sample[]): void {
  console.log('  seconds   waiting   running   completed');
  const every = Math.max(1, Math.ceil(samples.length / ROWS));
  samples.forEach((s, i) => {
    if (i % every !== 0 && i !== samples.length - 1) return;
    const cells = [s.seconds.toFixed(1), s.waiting, s.running, s.completed];
    console.log(cells.map((cell) => String(cell).padStart(9)).join(' '));
  });
}

/** Submits `atOnce` exports in one instant, end to end over HTTP, and watches them to their end. False: a promise broke. */
async function burst(atOnce: number): Promise<boolean> {
  const people = Math.max(2, Math.ceil(atOnce / 25));
  const cluster = await startCluster({
    apis: 2,
    workers: 2,
    slots: SLOTS,
    perUser: PER_USER,
    queuedPerUser: QUEUED,
    reuse: atOnce > MOST_RENDERED,
  });
  try {
    const makers = await Promise.all(Array.from({ length: people }, () => createPerson(cluster)));
    const since = performance.now();
    const followed: Promise<number[]>[] = [];
    const asked = Promise.all(
      Array.from({ length: atOnce }, (_, n) => {
        const maker = makers[n % makers.length];
        if (!maker) throw new Error('nobody to ask');
        const request = requestExport(cluster, maker, 1);
        // As a jobs tray does: an account has 20 streams at most.
        if (n < FOLLOWED) {
          followed.push(request.then(({ id }) => followExport(cluster, maker, id)));
        }
        return request;
      }),
    );
    let acceptedAfter = 0;
    asked.then(
      () => {
        acceptedAfter = (performance.now() - since) / 1000;
      },
      () => {},
    );
    const samples: Sample[] = [];
    let most = 0;
    do {
      samples.push(await sample(cluster, since));
      most = Math.max(most, samples.at(-1)?.running ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
    } while ((samples.at(-1)?.completed ?? 0) < atOnce);
    const accepted = await asked;
    const took = samples.at(-1)?.seconds ?? 0;
    // By the log of states, not by looking now and then: no moment escapes it.
    const damage = await inspect(cluster, accepted, { slots: SLOTS, perUser: PER_USER });
    console.log(
      `\n${atOnce} exports at once, ${people} people with ${QUEUED} waiting each at most, 2 API nodes, 2 workers, ${SLOTS} slots${atOnce > MOST_RENDERED ? ', identical ones share a file' : ''}`,
    );
    print(samples);
    console.log(
      `  all accepted after ${acceptedAfter.toFixed(1)} s, all completed after ${took.toFixed(1)} s (${((took * 1000) / atOnce).toFixed(0)} ms each); most at once seen ${most} of ${SLOTS}`,
    );
    const told = (await Promise.all(followed)).flat().sort((a, b) => a - b);
    console.log(
      `  ${told.length} changes told by streams, half of them within ${told[told.length >> 1]} ms, all within ${told.at(-1)} ms (of ${TOLD_WITHIN_MS})`,
    );
    console.log(
      `  ${Object.entries(damage)
        .map(([what, n]) => `${what} ${n}`)
        .join(', ')}`,
    );
    return Object.values(damage).every((n) => n === 0) && (told.at(-1) ?? 0) <= TOLD_WITHIN_MS;
  } finally {
    await cluster.close();
  }
}

/** `npm run load -- exports [--at-once 10,100,1000]` */
export async function loadExports(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { 'at-once': { type: 'string', default: '10,100' } },
  });
  const sizes = values['at-once'].split(',').map(Number);
  if (!sizes.every((n) => Number.isInteger(n) && n > 0 && n <= 1000)) {
    console.error('--at-once takes numbers from 1 to 1000, such as 10,100');
    return false;
  }
  let good = true;
  for (const size of sizes) good = (await burst(size)) && good;
  return good;
}
