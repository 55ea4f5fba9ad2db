import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../packages/database/src/embedded/start-embedded-postgres.ts';

/** With `BENCH_FLUSH=on` each commit waits for the disk, as it does in production. */
export const FLUSHES = process.env.BENCH_FLUSH === 'on';

/**
 * Runs `work` with the address of a Postgres of its own, by default without flushing to disk: no disk's pace hides what
 * the statements cost. The server and its folder go afterwards, also when the run is broken off.
 */
export async function withOwnPostgres(work: (url: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'mixdown-bench-'));
  await chmod(dir, 0o711);
  const starting = startEmbeddedPostgres({ dataDir: path.join(dir, 'data'), ephemeral: !FLUSHES });
  const end = async () => {
    await (await starting).stop();
    await rm(dir, { recursive: true, force: true });
  };
  const breakOff = () => void end().finally(() => process.exit(130));
  process.once('SIGINT', breakOff);
  process.once('SIGTERM', breakOff);
  try {
    await work((await starting).url);
  } finally {
    process.off('SIGINT', breakOff);
    process.off('SIGTERM', breakOff);
    await end();
  }
}
