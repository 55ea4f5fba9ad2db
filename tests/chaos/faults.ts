import { createRandom, type Random } from '@mixdown/dsp';
import type { Cluster } from '../support/cluster/cluster.ts';
import { hasEnded, rendersOf } from '../support/cluster/processes.ts';

/** What can go wrong, each as it would: real signals to real processes, real refusals of the store. */
export const FAULTS = [
  'render killed',
  'worker killed',
  'worker frozen past its lease',
  'API killed',
  'Postgres killed',
  'store answers 503',
  'store cuts the connection after it has stored',
  'store is slow',
  'store never answers',
] as const;
export type Fault = (typeof FAULTS)[number];

const pick = <T>(random: Random, list: readonly T[]): T | undefined =>
  list[Math.floor(random.next() * list.length)];

/** Waits until somebody else has been given what the frozen worker held, so that it comes back too late. */
async function freezePastLease(cluster: Cluster, random: Random): Promise<boolean> {
  const worker = pick(random, cluster.workers);
  if (!worker || hasEnded(worker.child)) return false;
  const held = async () => {
    const { rows } = await cluster.pool().query<{ id: string; token: string }>(
      `select id, lease_token as token from daw_exports
         where worker like '%:' || $1 || ':%' and lease_expires_at is not null`,
      [worker.pid],
    );
    return rows;
  };
  const before = await held();
  if (before.length === 0) return false;
  worker.child.kill('SIGSTOP');
  try {
    for (;;) {
      const now = await held();
      const still = before.filter((b) => now.some((n) => n.id === b.id && n.token === b.token));
      if (still.length === 0) return true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    worker.child.kill('SIGCONT');
  }
}

/** Does it; false where there was nothing to do it to at this moment. */
async function strike(cluster: Cluster, fault: Fault, random: Random): Promise<boolean> {
  switch (fault) {
    case 'render killed': {
      const renders = (await Promise.all(cluster.workers.map((w) => rendersOf(w.pid)))).flat();
      const pid = pick(random, renders);
      if (pid === undefined) return false;
      try {
        return process.kill(pid, 'SIGKILL');
      } catch {
        return false;
      }
    }
    case 'worker killed':
    case 'API killed': {
      const node = pick(random, fault === 'API killed' ? cluster.apis : cluster.workers);
      if (!node || hasEnded(node.child)) return false;
      await cluster.replace(node);
      return true;
    }
    case 'worker frozen past its lease':
      return freezePastLease(cluster, random);
    case 'Postgres killed':
      await cluster.crashPostgres();
      return true;
    case 'store answers 503':
      cluster.s3.faults.add(
        { method: 'PUT' },
        { kind: 'status', status: 503, code: 'SlowDown' },
        3,
      );
      return true;
    case 'store cuts the connection after it has stored':
      cluster.s3.faults.add({ method: 'PUT' }, { kind: 'reset', when: 'after' }, 2);
      return true;
    case 'store is slow':
      cluster.s3.faults.add({}, { kind: 'delay', ms: 1_500 }, 4);
      return true;
    case 'store never answers':
      // Until the client gives up on the silent connection, after half a minute, and asks again.
      cluster.s3.faults.add({ method: 'PUT' }, { kind: 'hang' });
      return true;
  }
}

/** Strikes with one fault; what cannot be done right now makes way for the next kind. Returns what it was. */
export async function strikeOnce(
  cluster: Cluster,
  nth: number,
  random: Random = createRandom(nth),
): Promise<Fault | null> {
  for (let offset = 0; offset < FAULTS.length; offset++) {
    const fault = FAULTS[(nth + offset) % FAULTS.length] as Fault;
    const done = await strike(cluster, fault, random).catch(() => false);
    if (done) return fault;
  }
  return null;
}
