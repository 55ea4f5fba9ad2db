import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/** Whether `pid` is a living Mixdown: ids are reused, so the command line decides where the system shows it. */
async function isLivingMixdown(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null || commandLine.includes('standalone');
}

/**
 * Takes the data folder for this process: two instances on one folder would stop each other's database. A claim
 * left behind by a killed process is taken over. Returns the release, or the pid of the instance that holds it.
 */
export async function claimDataDir(
  dataDir: string,
): Promise<{ release: () => Promise<void> } | { heldBy: number }> {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, 'mixdown.pid');
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (pid > 0 && pid !== process.pid && (await isLivingMixdown(pid))) return { heldBy: pid };
    await rm(file, { force: true });
  }
}
