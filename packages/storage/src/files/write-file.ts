import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file so that it appears whole or not at all, and is still there after a power cut: temporary file `temp`
 * (same file system, there is none of the name), fsync, rename, fsync of the folder.
 */
export async function writeFileDurably(
  target: string,
  temp: string,
  body: AsyncIterable<Uint8Array>,
  /** Runs when the whole body is on disk, just before the file appears. */
  beforeMove: () => Promise<void> = async () => undefined,
): Promise<void> {
  await mkdir(path.dirname(temp), { recursive: true });
  try {
    const file = await open(temp, 'wx');
    try {
      for await (const chunk of body) await writeAll(file, chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await beforeMove();
    await moveInto(temp, target);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
}

/**
 * A second name for a file's bytes; objects are never written to, only replaced. Bytes of their own where the file
 * system has no links. Null where there is no such file.
 */
export async function copyDurably(
  source: string,
  target: string,
  temp: string,
  beforeMove: () => Promise<void>,
): Promise<{ bytes: number } | null> {
  await mkdir(path.dirname(temp), { recursive: true });
  try {
    await link(source, temp).catch(async (error: NodeJS.ErrnoException) => {
      if (!NO_LINKS.includes(error.code ?? '')) throw error;
      await copyFile(source, temp);
      const file = await open(temp, 'r+');
      await file.sync().finally(() => file.close());
    });
    const { size } = await stat(temp);
    await beforeMove();
    await moveInto(temp, target);
    return { bytes: size };
  } catch (error) {
    await rm(temp, { force: true });
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
const NO_LINKS = ['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'];

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    done += (await file.write(chunk, done, chunk.byteLength - done)).bytesWritten;
  }
}

/** A deletion next door may take the empty folder away between mkdir and rename: then once more. */
async function moveInto(temp: string, target: string): Promise<void> {
  const dir = path.dirname(target);
  for (let attempt = 1; ; attempt++) {
    await mkdir(dir, { recursive: true });
    try {
      await rename(temp, target);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 5) throw error;
    }
  }
  await syncFolder(dir);
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const MAX_SHOWN_KEY = 200;
/** Keys have no `~`. Longer ones than any of ours are cut, as file names have an end. */
const flat = (key: string) => key.replaceAll('/', '~').slice(0, MAX_SHOWN_KEY);

/** A name for the temporary file of an upload to `key`, from which `removeUploads` knows whose it is. */
export const tempFileOf = (tempDir: string, key: string): string =>
  path.join(tempDir, `${flat(key)}~~${randomUUID()}`);

/** Takes away the temporary files of uploads to keys that begin with `prefix`. Returns how many. */
export async function removeUploads(tempDir: string, prefix: string): Promise<number> {
  const names = await readdir(tempDir).catch(() => []);
  const theirs = names.filter((name) => name.startsWith(flat(prefix)));
  for (const name of theirs) await rm(path.join(tempDir, name), { force: true });
  return theirs.length;
}

/** An upload touches its temporary file all the time; one untouched for an hour belongs to a process that was killed. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

export async function sweepAbandoned(tempDir: string, now: number): Promise<void> {
  const names = await readdir(tempDir).catch(() => []);
  for (const name of names) {
    const file = path.join(tempDir, name);
    const info = await stat(file).catch(() => null);
    if (info && now - info.mtimeMs > ABANDONED_AFTER_MS) await rm(file, { force: true });
  }
}
