import { readdir, readFile } from 'node:fs/promises';

/**
 * Seconds of CPU that a process has used in all its threads, asked from outside: a question that the process answers
 * itself costs more than many values. Rejects where Linux does not tell.
 */
export async function cpuOf(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const spent = await Promise.all(
    tasks.map(async (task) => {
      const text = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => '0');
      return Number(text.split(' ')[0]);
    }),
  );
  return spent.reduce((sum, ns) => sum + ns, 0) / 1e9;
}
