import { PgBoss } from 'pg-boss';
import { type Job, type OpenContender, tellBefore, type WorkOptions } from './contender.ts';

const QUEUE = 'jobs';
/** Its shortest interval. */
const POLL_SECONDS = 0.5;

/**
 * pg-boss, woken by NOTIFY. The limit is its `groupConcurrency`, which counts over all nodes, with a group per user.
 * Without the limit, loops of fetch and complete: its workers wait at least half a second between jobs, unless they
 * fetch in batches.
 */
export const openPgBoss: OpenContender = async ({ databaseUrl, ballast }, { limited }) => {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 10,
    useListenNotify: true,
    schema: limited ? 'boss_limited' : 'boss',
  });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE, { notify: true });

  /** Fetches and completes until nothing is left. */
  const drain = async (o: WorkOptions, stopped: () => boolean): Promise<void> => {
    while (!stopped()) {
      const [fetched] = await boss.fetch<Job>(QUEUE);
      if (!fetched) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        continue;
      }
      await o.run(fetched.data);
      await boss.complete(QUEUE, fetched.id);
      o.finished?.(fetched.data);
    }
  };
  const add = async (job: Job) => {
    await boss.send(
      QUEUE,
      { ...job, ballast },
      limited ? { group: { id: `user ${job.user}` } } : {},
    );
  };
  return {
    name: 'pg-boss',
    add,
    addAndTell: tellBefore(add),
    async work(o) {
      if (!limited) {
        let stopped = false;
        const loops = Array.from({ length: o.slots }, () => drain(o, () => stopped));
        return {
          async stop() {
            stopped = true;
            await Promise.all(loops);
          },
        };
      }
      const options = {
        localConcurrency: o.slots,
        groupConcurrency: o.perUser,
        pollingIntervalSeconds: POLL_SECONDS,
        notifyPollingIntervalSeconds: POLL_SECONDS,
      };
      await boss.work<Job>(QUEUE, options, async ([job]) => {
        if (!job) return;
        await o.run(job.data);
        o.finished?.(job.data);
      });
      return { stop: () => boss.offWork(QUEUE, { wait: true }) };
    },
    close: () => boss.stop({ graceful: false }),
  };
};
