import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const CHECKOUT = path.resolve(import.meta.dirname, '../../..');

export interface Node {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: { readonly port?: number };
  readonly child: ChildProcess;
}

/** Starts an app as `npm run start:…` does. Resolves once it says that it is ready. */
export async function startNode(app: 'api' | 'worker', env: NodeJS.ProcessEnv): Promise<Node> {
  const child = spawn(process.execPath, [`apps/${app}/src/main.ts`], {
    cwd: CHECKOUT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = await new Promise<{ port?: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port?: number }));
    child.once('exit', (code, signal) =>
      reject(new Error(`the ${app} ended with ${code ?? signal} before it was ready`)),
    );
  });
  return { pid: child.pid ?? 0, ready, child };
}

export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/** Kills it and waits until it is gone. */
export async function killNode({ child }: Node): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Asks it to stop and waits until it has; a frozen one is woken for that. */
export async function stopNode({ child }: Node): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  await gone;
}

/** Render processes of a worker, as Linux lists them; none elsewhere. */
export async function rendersOf(worker: number): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const found: number[] = [];
  for (const name of names.filter((n) => /^\d+$/.test(n))) {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    if (!new RegExp(`^PPid:\\t${worker}$`, 'm').test(status)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('render-child.main')) found.push(Number(name));
  }
  return found;
}
