import { asService } from '@mixdown/database';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import type { WorkerDeps } from '../worker-deps.ts';
import { deleteOrphans } from './delete-orphans.ts';
import { every } from './every.ts';

/** A guest's copy of the demo is kept for a day after the last visit. */
const GUEST_AGE = '1 day';

/**
 * What has to happen without anybody asking. Every worker does it all: the database sees to it that nothing is done
 * twice.
 */
export function startHousekeeping(
  { pool, storage, log, timings }: WorkerDeps,
  reapExports: () => Promise<number>,
): { stop(): Promise<void> } {
  const onError = (what: string) => (error: unknown) => log.warn({ err: error }, `${what} failed`);
  const tasks = [
    every(timings.reapMs, reapExports, onError('reaping exports')),
    every(timings.orphansMs, () => deleteOrphans(pool, storage), onError('deleting orphans')),
    every(timings.upkeepMs, () => upkeep(pool), onError('upkeep')),
  ];
  return { stop: async () => void (await Promise.all(tasks.map((task) => task.stop()))) };
}

async function upkeep(pool: Pool): Promise<void> {
  await asService(pool, (trx) => sql`select reap_operations()`.execute(trx));
  await asService(pool, (trx) => sql`select reap_guests(${GUEST_AGE}::interval)`.execute(trx));
}
