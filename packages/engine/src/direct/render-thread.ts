import { Worker } from 'node:worker_threads';
import { PluginRenderError } from '../render-error.ts';
import {
  type RenderMessage,
  slotAt,
  type ThreadReply,
  type ThreadSetup,
  WATCH_PLACE,
  WATCH_PROGRESS,
} from './protocol.ts';

/** A plugin that allocates without end takes its own thread down, not the process. */
const HEAP_MB = 512;
const WATCH_INTERVAL_MS = 250;

const deferred = () => Promise.withResolvers<void>();

/**
 * A worker thread that renders some of the tracks. Every way in which it can end early rejects what is waited
 * for: a plugin's fault, a crash, and a plugin that does not come back, for which it is terminated.
 */
export class RenderThread {
  readonly #setup: ThreadSetup;
  readonly #worker: Worker;
  readonly #watch: Int32Array;
  readonly #waiting = new Map<number, ReturnType<typeof deferred>>();
  readonly #timer: ReturnType<typeof setInterval>;
  #error: Error | null = null;
  #progress = -1;
  #progressAt = 0;

  constructor(setup: ThreadSetup, options: { hangTimeoutMs: number }) {
    this.#setup = setup;
    this.#watch = new Int32Array(setup.watch);
    Atomics.store(this.#watch, WATCH_PLACE, -1);
    this.#worker = new Worker(new URL('./render-thread.worker.ts', import.meta.url), {
      workerData: setup,
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.#worker.on('message', (reply: ThreadReply) => this.#receive(reply));
    this.#worker.on('error', (error: Error) => this.#crashed(error));
    this.#worker.on('exit', () => this.#fail(new Error('A render thread ended early')));
    this.#timer = setInterval(() => this.#look(options.hangTimeoutMs), WATCH_INTERVAL_MS);
  }

  /** Resolves when the segment stands in the shared output. The chunks' buffers are transferred. */
  render(message: RenderMessage): Promise<void> {
    const done = deferred();
    // Somebody may only look at a later segment: an early rejection is not unhandled.
    done.promise.catch(() => {});
    if (this.#error) done.reject(this.#error);
    else {
      this.#waiting.set(message.segment, done);
      this.#worker.postMessage(
        message,
        message.add.map((chunk) => chunk.samples),
      );
    }
    return done.promise;
  }

  /** Ends the thread at once, in the middle of whatever it does; what is waited for rejects with `reason`. */
  async terminate(reason: Error): Promise<void> {
    this.#fail(reason);
    await this.#worker.terminate();
  }

  #receive(reply: ThreadReply): void {
    if (reply.type === 'rendered') {
      this.#waiting.get(reply.segment)?.resolve();
      this.#waiting.delete(reply.segment);
    } else this.#fail(this.#pluginError(reply.place, reply.failure, reply.detail));
  }

  /** An error that is no answer: out of memory in a plugin, or a bug of ours. */
  #crashed(error: Error): void {
    const place = Atomics.load(this.#watch, WATCH_PLACE);
    this.#fail(place < 0 ? error : this.#pluginError(place, 'processor_error', error.message));
  }

  #look(hangTimeoutMs: number): void {
    const progress = Atomics.load(this.#watch, WATCH_PROGRESS);
    const place = Atomics.load(this.#watch, WATCH_PLACE);
    const now = performance.now();
    // Only a plugin can hang; a thread that is still starting on a busy machine does not.
    if (progress !== this.#progress || place < 0) {
      this.#progress = progress;
      this.#progressAt = now;
    } else if (now - this.#progressAt >= hangTimeoutMs) {
      this.#fail(this.#pluginError(place, 'timeout', 'It did not finish a block of audio.'));
      void this.#worker.terminate();
    }
  }

  #pluginError(place: number, failure: PluginRenderError['failure'], detail: string): Error {
    const slot = slotAt(this.#setup, place);
    if (!slot) return new Error(`A render thread failed outside of any plugin: ${detail}`);
    return new PluginRenderError({ ...slot, failure }, detail);
  }

  #fail(error: Error): void {
    clearInterval(this.#timer);
    this.#error ??= error;
    for (const done of this.#waiting.values()) done.reject(this.#error);
    this.#waiting.clear();
  }
}
