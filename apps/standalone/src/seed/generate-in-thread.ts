import { Worker } from 'node:worker_threads';
import type { DemoSong } from '@mixdown/demo-material';

/**
 * The demo song, synthesised in a thread of its own: it takes a few seconds of computing, which the first start spends
 * beside the making of the database. Rejects with whatever the thread failed with.
 */
export function generateInThread(): Promise<DemoSong> {
  const thread = new Worker(new URL('./generate-thread.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the demo's thread ended with ${code}`)));
  });
}
