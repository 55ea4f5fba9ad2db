import { createClient } from '@redis/client';
import { Queue, Worker } from 'bullmq';
import { type Job, type OpenContender, tellBefore } from './contender.ts';

const QUEUE = 'jobs';

/** BullMQ. Groups with limits are in its paid edition only: one queue for everybody, first come, first served. */
export const openBullMq: OpenContender = async ({ redisUrl, ballast }) => {
  if (!redisUrl) throw new Error('BullMQ needs a Redis');
  const client = createClient({ url: redisUrl });
  client.on('error', () => {});
  // Each round's worker adds its own.
  client.setMaxListeners(0);
  await client.connect();
  const connection = client;
  const queue = new Queue<Job>(QUEUE, { connection });
  await queue.waitUntilReady();
  const add = async (job: Job) => {
    await queue.add('job', { ...job, ballast } as Job);
  };
  return {
    name: 'BullMQ',
    add,
    addAndTell: tellBefore(add),
    async work(o) {
      const worker = new Worker<Job>(QUEUE, async ({ data }) => void (await o.run(data)), {
        connection,
        concurrency: o.slots,
      });
      worker.on('error', () => {});
      worker.on('completed', ({ data }) => o.finished?.(data));
      await worker.waitUntilReady();
      return { stop: () => worker.close() };
    },
    close: async () => {
      await queue.close();
      if (client.isOpen) await client.close();
    },
  };
};
