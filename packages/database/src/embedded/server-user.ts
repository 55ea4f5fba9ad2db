import { spawn } from 'node:child_process';
import { chown, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Whom the server runs as; null = as ourselves. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

/** `nobody` on every common Linux. Postgres refuses to run as root, so root hands it to this user. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const;

export const serverUser = (): ServerUser => (process.getuid?.() === 0 ? NOBODY : null);

/** Options of spawn() for a program of the server. Its cwd is `/`, since ours may be closed to that user. */
export const spawnAs = (user: ServerUser) => ({
  ...(user ?? {}),
  cwd: '/',
  // Nothing of ours: PGDATA, PGPORT, PGOPTIONS or a locale would change what the programs do.
  env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
});

/** Runs a program as `user`. Resolves to its exit code and all of its output. */
export function runAs(
  user: ServerUser,
  command: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...spawnAs(user), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/**
 * Whether `user` reaches `folder`. Asked of the system, not derived from mode bits: access lists and mount options
 * have a say too.
 */
export async function canReach(user: ServerUser, folder: string): Promise<boolean> {
  if (user === null) return true;
  const { code } = await runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]);
  return code === 0;
}

/** Gives a folder with everything in it to `user`. */
export async function giveTo(user: ServerUser, folder: string): Promise<void> {
  if (user === null) return;
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { recursive: true })) {
    await chown(path.join(folder, entry), user.uid, user.gid);
  }
}
