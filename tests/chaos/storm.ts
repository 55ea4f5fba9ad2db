import { type Cluster, type ClusterOptions, startCluster } from '../support/cluster/cluster.ts';
import { type Accepted, createPerson, requestExport } from '../support/cluster/people.ts';
import { type Fault, strikeOnce } from './faults.ts';
import { type Damage, inspect } from './verify.ts';

export interface StormOptions extends ClusterOptions {
  readonly people: number;
  readonly exports: number;
  readonly kills: number;
  readonly onFault?: (fault: Fault, completed: number) => void;
}

export interface StormReport extends Damage {
  readonly accepted: number;
  readonly struck: readonly Fault[];
  /** Attempts beyond the first: what the faults cost. */
  readonly repeated: number;
  /** Exports that gave up after all attempts and were repeated by their owner, as people do. */
  readonly repeatedByHand: number;
}

/** Without a single export completed for so long, what is missing is lost. Leases and backoffs are far shorter. */
const PATIENCE_MS = 180_000;

const count = async (cluster: Cluster, what: string): Promise<number> => {
  const answer = await cluster
    .pool()
    .query<{ n: number }>(`select count(*)::int as n from daw_exports where ${what}`)
    .catch(() => null);
  return answer?.rows[0]?.n ?? 0;
};

/** Failed for good: three faults have met the same export. Its owner presses Retry. */
async function retryFailed(cluster: Cluster): Promise<number> {
  const answer = await cluster
    .pool()
    .query(
      `update daw_exports set status = 'queued', attempt = 0, available_at = clock_timestamp(), error = null,
         completed_at = null where status = 'failed'`,
    )
    .catch(() => null);
  return answer?.rowCount ?? 0;
}

/**
 * Requests `exports` exports (and more, as long as faults are left) on a cluster of real processes while `kills` faults
 * strike, spread over the work by how much of it is done, waits until everything has ended, and says what is broken.
 */
export async function storm(o: StormOptions): Promise<StormReport> {
  const cluster = await startCluster(o);
  try {
    const people = await Promise.all(Array.from({ length: o.people }, () => createPerson(cluster)));
    const accepted: Accepted[] = [];
    const requests: Promise<void>[] = [];
    const request = async (n: number) => {
      const person = people[n % people.length];
      // Every fourth is a double click, or a client that lost its patience.
      if (person) accepted.push(await requestExport(cluster, person, n % 4 === 0 ? 3 : 1));
    };
    const askFor = (many: number) => {
      for (let n = 0; n < many; n++) {
        const asked = request(requests.length);
        asked.catch(() => {});
        requests.push(asked);
      }
    };
    askFor(o.exports);
    const struck: Fault[] = [];
    let repeatedByHand = 0;
    let most = 0;
    let lastProgress = performance.now();
    for (;;) {
      const completed = await count(cluster, "status = 'completed'");
      if (completed > most) lastProgress = performance.now();
      most = Math.max(most, completed);
      if (performance.now() - lastProgress > PATIENCE_MS) break;
      const due = Math.floor(((completed + 1) * o.kills) / o.exports);
      if (struck.length < Math.min(due, o.kills)) {
        const fault = await strikeOnce(cluster, struck.length);
        if (fault) {
          struck.push(fault);
          o.onFault?.(fault, completed);
        }
      }
      repeatedByHand += await retryFailed(cluster);
      if (completed >= requests.length) {
        if (struck.length >= o.kills) break;
        // A fault that took long has let the rest of the work go by: the next ones need work to strike at.
        askFor(people.length);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (most >= requests.length) await Promise.all(requests);
    const { rows } = await cluster
      .pool()
      .query<{ n: number }>('select coalesce(sum(lease_token - 1), 0)::int as n from daw_exports');
    const damage = await inspect(cluster, accepted, o);
    return {
      accepted: accepted.length,
      struck,
      repeated: rows[0]?.n ?? 0,
      repeatedByHand,
      ...damage,
    };
  } finally {
    await cluster.close();
  }
}
