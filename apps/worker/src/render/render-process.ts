import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { ExportError } from '../export-error.ts';
import type { Stage } from '../progress/stage-weights.ts';
import type { Encoded, FromChild, Rendered, RenderJob, ToChild } from './child-protocol.ts';
import { describeFailure } from './describe-failure.ts';
import { residentBytes } from './memory.ts';
import { renderEnv } from './render-env.ts';
import { startWatchdog } from './watchdog.ts';

export interface RenderLimits {
  /** A render process that gets no further for so long is killed. */
  readonly stallMs: number;
  /** Resident memory at which a render process is killed. */
  readonly memoryBytes: number;
}

export const DEFAULT_LIMITS: RenderLimits = { stallMs: 30_000, memoryBytes: 2 * 1024 ** 3 };

const CHILD = path.join(import.meta.dirname, 'render-child.main.ts');
const MEMORY_CHECK_MS = 500;

type Answer<T extends FromChild['type']> = Extract<FromChild, { type: T }>;

/** A render in a process of its own. Rejects with an ExportError, or with the signal's reason; then it is dead. */
export class RenderProcess {
  readonly #child: ChildProcess;
  readonly #job: RenderJob;
  readonly #limits: RenderLimits;
  readonly #onProgress: (stage: Stage, done: number, total: number) => void;
  readonly #gone: Promise<void>;
  #settle: ((message: FromChild | ExportError) => void) | undefined;
  #last: ExportError | undefined;

  constructor(
    job: RenderJob,
    options: {
      limits: RenderLimits;
      env: NodeJS.ProcessEnv;
      onProgress: (stage: Stage, done: number, total: number) => void;
    },
  ) {
    this.#job = job;
    this.#limits = options.limits;
    this.#onProgress = options.onProgress;
    this.#child = fork(CHILD, {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Encoders, too, put their temporary files where the mix goes.
      env: { ...renderEnv(options.env), TMPDIR: path.dirname(job.outputPath) },
      execArgv: [
        '--max-old-space-size=1024',
        // Plugins have Node's rights. This is no jail, but it takes away programs and writing elsewhere.
        '--permission',
        '--allow-fs-read=*',
        `--allow-fs-write=${path.dirname(job.outputPath)}`,
        '--allow-worker',
        '--disable-warning=PERM0006',
      ],
    });
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end(crashed(error));
        resolve();
      });
      this.#child.once('exit', (code, signal) => {
        this.#end(crashed(new Error(`the render process ended with ${signal ?? code}`)));
        resolve();
      });
    });
    this.#child.on('message', (message: FromChild) => this.#settle?.(message));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  render(signal: AbortSignal): Promise<Rendered> {
    return this.#ask({ type: 'render', job: this.#job }, 'rendered', signal);
  }

  encode(signal: AbortSignal): Promise<Encoded> {
    return this.#ask({ type: 'encode' }, 'encoded', signal);
  }

  /** Ends the process at once, whatever it is doing. Resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      this.#child.kill('SIGKILL');
    await this.#gone;
  }

  /** The first reason counts: a process that we kill for one ends with a signal afterwards. */
  #end(reason: ExportError): void {
    this.#last ??= reason;
    this.#settle?.(this.#last);
  }

  async #ask<T extends 'rendered' | 'encoded'>(
    question: ToChild,
    type: T,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    signal.throwIfAborted();
    if (this.#last) throw this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
    const watchdog = startWatchdog(this.#limits.stallMs, () => this.#end(stalled(this.#limits)));
    const memory = setInterval(() => void this.#checkMemory(), MEMORY_CHECK_MS);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    let furthest = -1;
    this.#settle = (message) => {
      if (message instanceof ExportError) return reject(message);
      if (message.type === 'failed') return reject(describeFailure(message.failure, this.#job));
      if (message.type === type) return resolve(message as Answer<T>);
      if (message.type !== 'progress') return;
      this.#onProgress(message.stage, message.done, message.total);
      if (message.done > furthest) watchdog.alive();
      furthest = Math.max(furthest, message.done);
    };
    try {
      this.#child.send(question, (error) => error && this.#end(crashed(error)));
      return await promise;
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      this.#settle = undefined;
      watchdog.stop();
      clearInterval(memory);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #checkMemory(): Promise<void> {
    const bytes = this.#child.pid === undefined ? null : await residentBytes(this.#child.pid);
    if (bytes !== null && bytes > this.#limits.memoryBytes) this.#end(outOfMemory(bytes));
  }
}

const crashed = (cause: Error) =>
  new ExportError('render_crashed', 'The render process ended unexpectedly.', {
    retryable: true,
    cause,
  });

const stalled = ({ stallMs }: RenderLimits) =>
  new ExportError(
    'render_stalled',
    `The render made no progress for ${Math.round(stallMs / 1000)} seconds and was stopped.`,
    { retryable: true },
  );

const outOfMemory = (bytes: number) =>
  new ExportError(
    'render_out_of_memory',
    'The render needed more memory than it may have; one of the effects is asking for too much.',
    { retryable: false, cause: new Error(`${bytes} bytes resident`) },
  );
