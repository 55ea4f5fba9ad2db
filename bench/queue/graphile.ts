import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { type Job, type OpenContender, tellBefore } from './contender.ts';

const logger = new Logger(() => () => {});

/**
 * graphile-worker. Jobs of one named queue run one after the other, which is its only limit; `perUser` named queues
 * for each user come closest to a limit of more than one.
 */
export const openGraphile: OpenContender = async ({ databaseUrl, ballast }, { limited }) => {
  const utils = await makeWorkerUtils({ connectionString: databaseUrl, maxPoolSize: 10, logger });
  await utils.migrate();
  let turn = 0;
  const add = async (job: Job) => {
    await utils.addJob(
      'job',
      { ...job, ballast },
      limited ? { queueName: `user ${job.user}.${turn++ % 2}` } : {},
    );
  };
  return {
    name: 'graphile-worker',
    add,
    addAndTell: tellBefore(add),
    async work(o) {
      const jobs = new Map<string, Job>();
      const runner = await run({
        connectionString: databaseUrl,
        concurrency: o.slots,
        maxPoolSize: 10,
        noHandleSignals: true,
        logger,
        taskList: {
          async job(payload, { job }) {
            jobs.set(job.id, payload as Job);
            await o.run(payload as Job);
          },
        },
      });
      runner.events.on('job:complete', ({ job }) => {
        const done = jobs.get(job.id);
        if (done) o.finished?.(done);
        jobs.delete(job.id);
      });
      return { stop: () => runner.stop() };
    },
    close: async () => {
      await utils.release();
    },
  };
};
