import { execFile } from 'node:child_process';
import { readFile, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

const POLL_MS = 5;
const FAST_SHUTDOWN_MS = 15_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

/** What `postmaster.pid` says: pid on line 1, port on line 4, status on line 8. Null without a complete file. */
export async function readPidFile(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

/** Whether the process lives; one that has ended and waits to be reaped does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/^\d+ \(.*\) [ZX]/s.test(status);
}

/** Whether process `pid` is the postmaster of `cluster`: after a reboot the number may be anybody's. */
async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return cwd === (await realpath(cluster).catch(() => cluster));
  }
  const ps = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(
    () => ({ stdout: '' }),
  );
  return ps.stdout.includes(cluster);
}

/** The living postmaster of `cluster`, starting up or ready; null if there is none. */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const found = await readPidFile(cluster);
  return found && (await isPostmasterOf(found.pid, cluster)) ? found : null;
}

export const isServing = async (cluster: string): Promise<boolean> =>
  (await findPostmaster(cluster)) !== null;

/** Waits until `pid` serves `cluster`. Null if it ends before, or `timeoutMs` pass (crash recovery takes its time). */
export async function waitUntilReady(
  cluster: string,
  pid: number,
  timeoutMs = 120_000,
): Promise<Postmaster | null> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const found = await readPidFile(cluster);
    if (found?.pid === pid && found.ready) return found;
    if (!(await isAlive(pid))) return null;
    await delay(POLL_MS);
  }
  return null;
}

async function endsWithin(pid: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    if (!(await isAlive(pid))) return true;
    await delay(POLL_MS);
  }
  return false;
}

/** Ends the server of `cluster`, if one lives: fast shutdown, then immediate, then kill. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const found = await findPostmaster(cluster);
  if (!found) return;
  for (const [signal, ms] of [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
    ['SIGKILL', IMMEDIATE_SHUTDOWN_MS],
  ] as const) {
    try {
      process.kill(found.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    if (await endsWithin(found.pid, ms)) return;
  }
  throw new Error(`Postgres (process ${found.pid}) does not end`);
}
