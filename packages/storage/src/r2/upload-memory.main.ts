/**
 * Uploads as many MiB as its argument says to the store in its environment, and tells its parent by how many bytes its
 * resident memory has grown at most.
 */
import { readR2Config } from './r2-config.ts';
import { createR2Storage } from './r2-storage.ts';

const MIB = 1024 * 1024;
/** As the worker reads a finished file from disk. */
const CHUNK = 256 * 1024;

const chunk = Buffer.alloc(CHUNK, 7);
/** The same bytes again and again, so that what is measured is the upload and not its source. */
async function* song(mib: number): AsyncGenerator<Uint8Array> {
  for (let left = mib * MIB; left > 0; left -= CHUNK) yield chunk;
}

const config = readR2Config(process.env);
if (!config) throw new Error('R2_* is not set');
const storage = createR2Storage(config);
const put = (mib: number) =>
  storage.put(`memory/${mib}.wav`, song(mib), { contentType: 'audio/wav' });
// What the first request loads and compiles is no upload's.
await put(1);
const before = process.memoryUsage.rss();
let most = before;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 5);
await put(Number(process.argv[2]));
clearInterval(watch);
most = Math.max(most, process.memoryUsage.rss());
process.send?.({ grownBytes: most - before });
process.disconnect();
