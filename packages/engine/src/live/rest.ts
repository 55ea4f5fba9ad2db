/** −90 dBFS: below half a step of 16-bit audio. */
const QUIET = 10 ** (-90 / 20);
/** Nobody who stops and goes on again shall hear a start: so long the audio runs on in any case (s). */
const LEAST_SECONDS = 2;

interface RestingContext {
  readonly state: string;
  readonly currentTime: number;
  suspend(): Promise<void>;
  resume(): Promise<void>;
}

export interface RestHost {
  /** Whether something has to run on although it is silent: playback, or the graph being rebuilt. */
  busy(): boolean;
  /** The longest silence between two echoes of the mix (s). */
  longestGapSeconds(): number;
  /** The audio stands still from now on. */
  onRest(): void;
}

/**
 * Lets the audio thread sleep while nothing plays and nothing rings on: every plugin computes its silence otherwise, for
 * as long as the page is open. What is set meanwhile is in force when it wakes.
 */
export class Rest {
  readonly #context: RestingContext;
  readonly #host: RestHost;
  /** Context time (s) since which there has been nothing to hear. */
  #quietSince: number | null = null;
  /** A suspension that is asked for may take effect later: the context's own state is not enough. */
  #asleep = false;

  constructor(context: RestingContext, host: RestHost) {
    this.#context = context;
    this.#host = host;
  }

  get asleep(): boolean {
    return this.#asleep;
  }

  /** Resolves once audio flows; where the browser waits for a click or a key, that is when it comes. */
  async wake(): Promise<void> {
    this.#quietSince = null;
    if (!this.#asleep && this.#context.state === 'running') return;
    this.#asleep = false;
    await this.#context.resume();
  }

  /** Something has changed that may be heard yet. */
  stay(): void {
    this.#quietSince = null;
  }

  /** The highest level (linear) of the mix and its tracks since the last call. */
  heard(peak: number): void {
    const now = this.#context.currentTime;
    if (this.#asleep || peak >= QUIET || this.#host.busy()) {
      this.#quietSince = null;
      return;
    }
    this.#quietSince ??= now;
    const enough = Math.max(LEAST_SECONDS, this.#host.longestGapSeconds());
    if (now - this.#quietSince < enough) return;
    this.#quietSince = null;
    this.#asleep = true;
    this.#host.onRest();
    void this.#context.suspend();
  }
}
