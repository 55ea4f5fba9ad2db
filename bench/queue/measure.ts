import type { Contender, Job } from './contender.ts';

let next = 0;
const jobOf = (user: number): Job => ({ user, n: next++ });

/** Puts `count` jobs in, `atOnce` at a time, the users in turn; jobs per second. */
export async function addAll(
  queue: Contender,
  o: { readonly count: number; readonly users: number; readonly atOnce: number },
): Promise<number> {
  let left = o.count;
  const begun = performance.now();
  const client = async () => {
    while (left-- > 0) await queue.add(jobOf(left % o.users));
  };
  await Promise.all(Array.from({ length: o.atOnce }, client));
  return (o.count / (performance.now() - begun)) * 1000;
}

/** Runs `count` jobs that do nothing; jobs per second from the first claim to the last finish. */
export async function drain(queue: Contender, count: number, slots: number): Promise<number> {
  const done = Promise.withResolvers<void>();
  let first = 0;
  let last = 0;
  let finished = 0;
  const working = await queue.work({
    slots,
    perUser: slots,
    run: () => {
      first ||= performance.now();
    },
    finished: () => {
      last = performance.now();
      if (++finished === count) done.resolve();
    },
  });
  await done.promise;
  await working.stop();
  return (count / (last - first)) * 1000;
}

/** Milliseconds from the commit of a job to its claim by a waiting worker, one job after the other. */
export async function pickUps(queue: Contender, count: number): Promise<number[]> {
  let claimed = Promise.withResolvers<number>();
  let finished = Promise.withResolvers<void>();
  const working = await queue.work({
    slots: 2,
    perUser: 2,
    run: () => claimed.resolve(performance.now()),
    finished: () => finished.resolve(),
  });
  const waits: number[] = [];
  for (let n = 0; n < count; n++) {
    claimed = Promise.withResolvers();
    finished = Promise.withResolvers();
    const sent = await queue.addAndTell(jobOf(n % 2));
    waits.push((await claimed.promise) - sent);
    await finished.promise;
  }
  await working.stop();
  return waits;
}

const CROWD = 8;
const EACH = 40;
const JOB_MS = 20;

export interface Fairness {
  /** Jobs that began between the newcomer's request and the newcomer's own beginning. */
  readonly startsBefore: number;
  readonly ms: number;
  /** Most jobs of one user at once. */
  readonly mostOfOne: number;
}

/** A newcomer behind 8 users × 40 jobs of 20 ms, with two of a user at once. */
export async function fairness(queue: Contender, slots: number): Promise<Fairness> {
  // One user's jobs after another's, so that first come, first served would break the limit.
  for (let n = 0; n < CROWD * EACH; n++) await queue.add(jobOf(Math.floor(n / EACH)));
  const running = new Map<number, number>();
  const underWay = Promise.withResolvers<void>();
  const served = Promise.withResolvers<void>();
  const all = Promise.withResolvers<void>();
  let starts = 0;
  let finished = 0;
  let mostOfOne = 0;
  let startsBefore = 0;
  const working = await queue.work({
    slots,
    perUser: 2,
    async run({ user }) {
      const now = (running.get(user) ?? 0) + 1;
      running.set(user, now);
      mostOfOne = Math.max(mostOfOne, now);
      if (user === CROWD) {
        startsBefore = starts - startsBefore;
        served.resolve();
      }
      if (++starts === slots * 2) underWay.resolve();
      await new Promise((resolve) => setTimeout(resolve, JOB_MS));
      running.set(user, (running.get(user) ?? 0) - 1);
    },
    finished: () => {
      if (++finished === CROWD * EACH + 1) all.resolve();
    },
  });
  await underWay.promise;
  const asked = performance.now();
  startsBefore = starts;
  await queue.add(jobOf(CROWD));
  await served.promise;
  const ms = performance.now() - asked;
  await all.promise;
  await working.stop();
  return { startsBefore, ms, mostOfOne };
}
