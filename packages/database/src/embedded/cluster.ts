import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists } from './exists.ts';
import { runAs, type ServerUser } from './server-user.ts';

export interface ClusterOptions {
  readonly runtime: string;
  readonly cluster: string;
  readonly user: ServerUser;
  readonly password: string;
  /** Skips flushing to disk: for tests. */
  readonly ephemeral: boolean;
}

async function majorVersion(runtime: string, user: ServerUser): Promise<number> {
  const { output } = await runAs(user, path.join(runtime, 'bin/postgres'), ['--version']);
  return Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1]);
}

/** Creates the cluster if it does not exist; a start that was killed half-way leaves none. Says whether it did. */
export async function ensureCluster(options: ClusterOptions): Promise<boolean> {
  const { runtime, cluster, user, password } = options;
  const major = await majorVersion(runtime, user);
  if (await exists(path.join(cluster, 'PG_VERSION'))) {
    const found = Number(await readFile(path.join(cluster, 'PG_VERSION'), 'utf8'));
    if (found === major) return false;
    throw new Error(
      `${cluster} was made by Postgres ${found} and this is ${major}: dump it with ${found} and restore it, or use another data folder`,
    );
  }
  const fresh = `${cluster}.${process.pid}`;
  const passwordFile = `${fresh}.password`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (user) {
      await chown(fresh, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    const { code, output } = await runAs(user, path.join(runtime, 'bin/initdb'), [
      `--pgdata=${fresh}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      ...(major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
      ...(options.ephemeral ? ['--no-sync'] : []),
    ]);
    if (code !== 0) throw new Error(`initdb failed:\n${output}`);
    await rename(fresh, cluster);
    return true;
  } finally {
    await rm(passwordFile, { force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}
