import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** A folder of another host (a container that was replaced, on a shared disk) is certainly nobody's after a day. */
const FOREIGN_ABANDONED_MS = 24 * 60 * 60 * 1000;
const OWNER = /^(.+)~(\d+)~(\d*)$/;

export interface SpoolFolder {
  /** This worker's own folder. */
  readonly path: string;
  /** A folder for one attempt at an export, and the way to be rid of it. */
  open(name: string): Promise<{ path: string; remove(): Promise<void> }>;
  remove(): Promise<void>;
}

/**
 * Makes this process its own folder below `root` and takes away those of processes that were killed. The folder's name
 * says whose it is: host, process id and, since ids are used again, when that process started.
 */
export async function openSpoolFolder(root: string): Promise<SpoolFolder> {
  await mkdir(root, { recursive: true });
  await removeOrphans(root);
  const own = path.join(root, `${hostname()}~${process.pid}~${await startTime(process.pid)}`);
  await mkdir(own, { recursive: true });
  const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  return {
    path: own,
    async open(name) {
      const folder = path.join(own, name);
      await remove(folder);
      await mkdir(folder, { recursive: true });
      return { path: folder, remove: () => remove(folder) };
    },
    remove: () => remove(own),
  };
}

async function removeOrphans(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const folder = path.join(root, name);
    if (await isOrphan(folder, name)) await rm(folder, { recursive: true, force: true });
  }
}

async function isOrphan(folder: string, name: string): Promise<boolean> {
  const [, host, pid, started] = OWNER.exec(name) ?? [];
  if (host !== hostname()) {
    const info = await stat(folder).catch(() => null);
    return info !== null && Date.now() - info.mtimeMs > FOREIGN_ABANDONED_MS;
  }
  return !isAlive(Number(pid)) || (await startTime(Number(pid))) !== started;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Clock ticks between the machine's start and the process's, from field 22 of /proc/<pid>/stat; '' where there is none. */
async function startTime(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the program's name in brackets, may hold spaces.
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
