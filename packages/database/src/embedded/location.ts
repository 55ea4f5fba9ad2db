import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists } from './exists.ts';
import { isServing, stopPostmaster } from './postmaster.ts';
import { relocate } from './relocate.ts';
import { canReach, giveTo, type ServerUser } from './server-user.ts';

/** Reachable for every user, and kept over reboots. */
const AWAY_ROOT = '/var/tmp';
const AWAY_PREFIX = 'mixdown-postgres-';
const OWNER_FILE = 'owner';
const SWEEP_AFTER_MS = 24 * 60 * 60 * 1000;

export interface Location {
  /** The folder that the server's user reaches; holds `cluster` and `runtime`. */
  readonly folder: string;
  readonly cluster: string;
  /** Brings the cluster back into the data folder, and removes what stands outside of it. */
  leave(): Promise<void>;
}

/** Where the cluster of `dataDir` (a real path) stands while the server's user cannot reach that. */
export const awayFolder = (dataDir: string): string =>
  path.join(
    AWAY_ROOT,
    AWAY_PREFIX + createHash('sha256').update(dataDir).digest('hex').slice(0, 16),
  );

/** Everybody may make folders in /var/tmp: use only one that is ours and that nobody else can write to. */
async function makeAway(folder: string, dataDir: string): Promise<void> {
  await mkdir(folder, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const info = await lstat(folder);
  if (!info.isDirectory() || info.uid !== process.getuid?.() || (info.mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to somebody else; remove it, or use another data folder`);
  }
  await writeFile(path.join(folder, OWNER_FILE), dataDir, { mode: 0o600 });
}

/**
 * Where the cluster of `dataDir` (absolute) stands while its server runs: inside `dataDir`, or, if the server's user
 * cannot reach that (a parent with mode 0700), in a folder of its own below /var/tmp, which a later start finds again.
 */
export async function settle(dataDir: string, user: ServerUser): Promise<Location> {
  const real = await realpath(dataDir);
  const home = path.join(real, 'cluster');
  const away = awayFolder(real);
  const awayCluster = path.join(away, 'cluster');
  const give = (copy: string) => giveTo(user, copy);
  const leave = async () => {
    await relocate(awayCluster, home, give);
    await rm(away, { recursive: true, force: true });
  };
  if (user === null) return { folder: real, cluster: home, leave: async () => {} };

  await sweepAbandoned(real);
  // A server that outlived a killed Node still works in there, whatever the modes have become since.
  const living = (await exists(away)) && (await isServing(awayCluster));
  if (!living && (await canReach(user, real))) {
    if (await exists(away)) await leave();
    return { folder: real, cluster: home, leave: async () => {} };
  }
  await makeAway(away, real);
  if (!living) await relocate(home, awayCluster, give);
  return { folder: away, cluster: awayCluster, leave };
}

/** Removes what killed instances left below /var/tmp once their data folder has been gone for a day. */
async function sweepAbandoned(except: string): Promise<void> {
  for (const name of await readdir(AWAY_ROOT)) {
    if (!name.startsWith(AWAY_PREFIX)) continue;
    const folder = path.join(AWAY_ROOT, name);
    const ownerFile = path.join(folder, OWNER_FILE);
    try {
      if ((await lstat(folder)).uid !== process.getuid?.()) continue;
      const owner = await readFile(ownerFile, 'utf8');
      const startedAt = (await stat(ownerFile)).mtimeMs;
      if (owner === except || Date.now() - startedAt < SWEEP_AFTER_MS || (await exists(owner))) {
        continue;
      }
      await stopPostmaster(path.join(folder, 'cluster'));
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      // Somebody else is sweeping, or has just made it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
