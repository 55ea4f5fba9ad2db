import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Refusal, RefusedError } from '@mixdown/contract/errors';
import type { DecodeTask } from './decode-file.ts';
import { corrupt } from './decoded.ts';

export type DecodeReply =
  | { readonly type: 'block'; readonly channels: Float32Array<ArrayBuffer>[] }
  | { readonly type: 'end' }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'failed'; readonly message: string; readonly members: object };

/** A step decodes some ten kilobytes in milliseconds; one that takes this long never ends. */
const STEP_TIMEOUT_MS = 30_000;

const ENTRY = new URL('./decode-worker.ts', import.meta.url);

/**
 * Decodes a file in a thread of its own: the event loop stays free, a decoder that hangs on a damaged file is stopped,
 * and its memory is gone when the thread ends. One block is decoded ahead. Yields planar blocks; throws RefusedError,
 * or what the file system threw.
 */
export async function* decodeInThread(
  task: DecodeTask,
  o: { stepTimeoutMs?: number; entry?: URL } = {},
): AsyncGenerator<Float32Array[]> {
  const worker = new Worker(o.entry ?? ENTRY, {
    workerData: task,
    // A test runner's loaders are not for this thread.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const ask = (): Promise<DecodeReply> => {
    worker.postMessage('next');
    return reply(worker, o.stepTimeoutMs ?? STEP_TIMEOUT_MS);
  };
  try {
    let pending = ask();
    for (;;) {
      const answer = await pending;
      if (answer.type === 'end') return;
      if (answer.type === 'refused') throw new RefusedError(answer.refusal);
      if (answer.type === 'failed') throw Object.assign(new Error(answer.message), answer.members);
      pending = ask();
      // If the caller leaves while this is under way, nobody waits for it any more.
      pending.catch(() => {});
      yield answer.channels;
    }
  } finally {
    await worker.terminate();
  }
}

async function reply(worker: Worker, timeoutMs: number): Promise<DecodeReply> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const [answer] = (await once(worker, 'message', { signal: timeout })) as [DecodeReply];
    return answer;
  } catch (error) {
    if (timeout.aborted) throw corrupt('The file is damaged: decoding it does not come to an end.');
    // A decoder that used up its memory is the file's doing; all else is a fault of ours.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw corrupt('The file is damaged: decoding it takes too much memory.');
    throw error;
  }
}
