import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@mixdown/database';

const FOLDER = 'mixdown-test-postgres';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends the clusters of runs that were killed. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(name.split('-')[0]);
    if (isAlive(pid)) continue;
    const dataDir = path.join(folder, name);
    await startEmbeddedPostgres({ dataDir, ephemeral: true })
      .then((abandoned) => abandoned.stop())
      .catch(() => {});
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** One Postgres for the whole run; test files take databases of their own from `createTestDatabase`. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = path.join(tmpdir(), FOLDER);
  await mkdir(folder, { recursive: true });
  await sweep(folder);
  const dataDir = await mkdtemp(path.join(folder, `${process.pid}-`));
  // mkdtemp makes 0700, which would have the server work from copies elsewhere.
  await chmod(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir, ephemeral: true });
  process.env.MIXDOWN_TEST_PG_URL = postgres.url;
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
