import { parentPort, workerData } from 'node:worker_threads';
import { RefusedError } from '@mixdown/contract/errors';
import { type DecodeTask, decodeFile } from './decode-file.ts';
import type { DecodeReply } from './decode-in-thread.ts';

const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');

// The decoders report damage by printing it, too; it reaches the caller as a refusal.
console.error = () => {};

const blocks = decodeFile(workerData as DecodeTask);

async function next(): Promise<DecodeReply> {
  try {
    const { done, value } = await blocks.next();
    // Copied out of the decoder's memory, then handed over instead of copied again.
    return done ? { type: 'end' } : { type: 'block', channels: value.map((x) => x.slice()) };
  } catch (error) {
    if (error instanceof RefusedError) return { type: 'refused', refusal: error.refusal };
    // A copied Error loses the members that tell one system error from another.
    const { message, code, syscall } = error as NodeJS.ErrnoException;
    return { type: 'failed', message, members: { code, syscall } };
  }
}

port.on('message', async () => {
  const reply = await next();
  port.postMessage(reply, reply.type === 'block' ? reply.channels.map((x) => x.buffer) : []);
});
