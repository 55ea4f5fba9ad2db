import type { Progress } from '../progress/progress-tracker.ts';

export type StopReason = 'lease_lost' | 'canceled' | 'handed_back';

/** Why an attempt ends without having failed. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly reason: StopReason;
  constructor(reason: StopReason) {
    super(`the export was stopped: ${reason}`);
    this.reason = reason;
  }
}

export interface LeaseOptions {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly heartbeat: (progress: Progress) => Promise<{ ok: boolean; cancelRequested: boolean }>;
  readonly progress: () => Progress;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** The database may count from a moment earlier than we do, and a verdict needs time to be acted on. */
const MARGIN_MS = 1_000;
const RETRY_MS = 250;

/**
 * The right to work on one export. Renewed by heartbeats, which also carry the progress out and the wish to cancel in.
 * `signal` aborts with a StoppedError once the right is gone or no longer wanted. A database that is away for a moment
 * changes nothing as long as the lease has not run out.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #abort = new AbortController();
  #goodUntil: number;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #again = false;
  #ended = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#goodUntil = options.now() + options.leaseMs - MARGIN_MS;
    this.#schedule(0);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** A heartbeat now instead of at the next interval: somebody changed something about the export. */
  beat(): void {
    this.#again = this.#beating !== undefined;
    this.#schedule(0);
  }

  stop(reason: StopReason): void {
    this.#abort.abort(new StoppedError(reason));
    this.end();
  }

  /**
   * A write that carries the lease token, repeated while the database is away. Throws a StoppedError if the answer is
   * that the lease is lost, or if it ran out meanwhile.
   */
  async write(write: () => Promise<boolean>): Promise<void> {
    while (true) {
      this.signal.throwIfAborted();
      const answer = await write().catch((error: unknown) => error);
      if (answer === true) return;
      if (answer === false) this.stop('lease_lost');
      else if (!isOutage(answer)) throw answer;
      else if (this.#options.now() > this.#goodUntil) this.stop('lease_lost');
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** No more heartbeats. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    if (this.#ended || this.#beating) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#beating = this.#renew().finally(() => {
        this.#beating = undefined;
        const next = this.#again ? 0 : this.#options.heartbeatMs;
        this.#again = false;
        this.#schedule(next);
      });
    }, ms);
  }

  async #renew(): Promise<void> {
    const sentAt = this.#options.now();
    try {
      const { ok, cancelRequested } = await this.#options.heartbeat(this.#options.progress());
      if (cancelRequested) this.stop('canceled');
      else if (!ok) this.stop('lease_lost');
      else this.#goodUntil = sentAt + this.#options.leaseMs - MARGIN_MS;
    } catch {
      if (this.#options.now() > this.#goodUntil) this.stop('lease_lost');
    }
  }
}

/** Whether the database could not be reached or is going down, as opposed to having refused the statement. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|57P|53)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENETUNREACH)/.test(code) ||
    /connection terminated|connection timeout|timeout exceeded when trying to connect/i.test(
      error.message,
    )
  );
}
