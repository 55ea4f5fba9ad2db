import { type ChildProcess, fork } from 'node:child_process';

export interface Part {
  readonly name: string;
  /** The module to run; it says `{ type: 'ready', … }` over IPC once it serves. */
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Supervised {
  /** What the part said when it became ready. */
  readonly ready: Promise<Record<string, unknown>>;
  stop(): Promise<void>;
  /** Ends it at once, in the middle of a stop. */
  kill(): void;
}

/** Long enough for a render node to hand its exports back, short enough for somebody waiting at a terminal. */
const STOP_TIMEOUT_MS = 8_000;
const RESTART_DELAYS_MS = [250, 1_000, 4_000, 10_000];
/** A part that served this long was fine; its next crash starts the delays from the beginning. */
const STEADY_MS = 60_000;

/**
 * Runs a part as a process of its own and starts it again if it crashes after it had become ready. A part that never
 * becomes ready (a wrong setting, say) is not started again: `ready` rejects. The child stands in a session of its
 * own, so that Ctrl-C reaches only us and parts stop in order; it ends itself when our IPC channel closes.
 */
export function supervise(part: Part, onRestart: (code: number | null) => void): Supervised {
  let child: ChildProcess;
  let stopping = false;
  let restarts = 0;
  let timer: NodeJS.Timeout | undefined;
  const ready = Promise.withResolvers<Record<string, unknown>>();

  const start = () => {
    const startedAt = Date.now();
    let wasReady = false;
    child = fork(part.module, {
      env: part.env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (message: { type?: string }) => {
      if (message.type !== 'ready') return;
      wasReady = true;
      ready.resolve({ ...message });
    });
    child.once('exit', (code) => {
      if (stopping) return;
      if (!wasReady && restarts === 0) {
        ready.reject(new Error(`The ${part.name} could not start.`));
        return;
      }
      if (Date.now() - startedAt > STEADY_MS) restarts = 0;
      onRestart(code);
      timer = setTimeout(
        start,
        RESTART_DELAYS_MS[Math.min(restarts++, RESTART_DELAYS_MS.length - 1)],
      );
    });
  };
  start();

  return {
    ready: ready.promise,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(kill);
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
