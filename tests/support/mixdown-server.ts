import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const READY = /^Mixdown is ready at (\S+)/m;

export interface MixdownServer {
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything that it has printed so far. */
  output(): string;
  /** Ends it as Ctrl-C does; resolves to its exit code. */
  interrupt(): Promise<number | null>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly dataDir: string;
  readonly cwd?: string;
  /** Default: what `npm start` runs. */
  readonly command?: readonly [program: string, ...args: string[]];
}

const exited = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', (code) => resolve(code)));

/** Starts what `npm start` starts. Resolves once it says that it is ready; rejects with its output if it ends before. */
export async function startMixdown({
  env = {},
  dataDir,
  cwd = ROOT,
  command = [process.execPath, 'apps/standalone/src/main.ts'],
}: StartOptions): Promise<MixdownServer> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, PORT: '0', MIXDOWN_DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const match = READY.exec(output);
      if (match?.[1]) resolve(match[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`Mixdown ended with ${code} before it was ready:\n${output}`)),
    );
  });
  return {
    url,
    dataDir,
    process: child,
    output: () => output,
    interrupt() {
      child.kill('SIGINT');
      return exited(child);
    },
  };
}

/** A server on a data folder of its own for the length of a test file; `close` removes both. */
export async function startTemporaryMixdown(
  env: Readonly<Record<string, string>> = {},
): Promise<MixdownServer & { close(): Promise<void> }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mixdown e2e-'));
  const server = await startMixdown({ dataDir, env });
  return {
    ...server,
    async close() {
      await server.interrupt();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
