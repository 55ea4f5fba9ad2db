import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { listen } from '@mixdown/database';
import { startClaimLoop } from './claim/claim-loop.ts';
import { type ClaimedExport, openExportQueue } from './claim/export-queue.ts';
import { startHousekeeping } from './housekeeping/housekeeping.ts';
import { openSpoolFolder } from './render/spool-folder.ts';
import { type Attempt, beginAttempt } from './run-attempt.ts';
import { settleAttempt } from './settle-attempt.ts';
import type { WorkerDeps } from './worker-deps.ts';

export interface Worker {
  /** Exports that it is working on. */
  readonly running: number;
  /** Claims nothing more and hands back what runs, without counting the attempt. Resolves when all of it is gone. */
  stop(): Promise<void>;
}

/** Starts to work on exports. Rejects if the database or the spool folder cannot be reached. */
export async function createWorker(deps: WorkerDeps): Promise<Worker> {
  const { log, timings } = deps;
  const queue = openExportQueue(deps.pool);
  const spools = await openSpoolFolder(deps.spoolRoot);
  const attempts = new Map<string, Attempt>();
  const limits = {
    worker: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    total: deps.total,
    perUser: deps.perUser,
    leaseSeconds: timings.leaseSeconds,
  };
  const onError = (what: string) => (error: unknown) => log.warn({ err: error }, what);

  const run = async (claimed: ClaimedExport) => {
    const attempt = beginAttempt(claimed, queue, deps, attempts.size + 1);
    attempts.set(claimed.id, attempt);
    deps.metrics.exportsRunning(attempts.size);
    await settleAttempt(attempt, queue, spools, deps);
    attempts.delete(claimed.id);
    deps.metrics.exportsRunning(attempts.size);
  };

  deps.metrics.watchExportQueue(() => queue.counts());
  const loop = startClaimLoop({
    slots: deps.slots,
    pollMs: timings.pollMs,
    claim: () => queue.claim(limits),
    run,
    handBack: (claimed) => queue.release(claimed),
    onError: onError('claiming failed'),
  });
  const notifications = await listen(
    deps.databaseUrl,
    ['daw_export_queue'],
    ({ payload }) => {
      // That a slot of its own is free the loop knows by itself.
      if (payload === limits.worker) return;
      // Of an export in work: somebody may wish it to stop.
      const attempt = attempts.get(payload);
      if (attempt) attempt.lease.beat();
      else loop.wake();
    },
    { onConnect: () => loop.wake(), onError: onError('listening failed') },
  ).catch(async (error: unknown) => {
    await loop.stop();
    throw error;
  });
  const housekeeping = startHousekeeping(deps, () => queue.reap());

  return {
    get running() {
      return loop.running;
    },
    async stop() {
      const stopped = loop.stop();
      for (const { lease } of attempts.values()) lease.stop('handed_back');
      await Promise.all([stopped, housekeeping.stop(), notifications.close()]);
      await spools.remove();
    },
  };
}
