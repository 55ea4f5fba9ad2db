import type { Stage } from './stage-weights.ts';

export interface Progress {
  readonly stage: Stage;
  /** 0…1 over all stages; never smaller than one reported before. */
  readonly fraction: number;
  /** Null until there is something to extrapolate from. */
  readonly etaSeconds: number | null;
}

const STAGES: readonly Stage[] = ['rendering', 'encoding', 'uploading'];
/** Below this, start-up times would be taken for the speed. */
const MIN_FRACTION = 0.02;
const MIN_SECONDS = 0.5;

/** Turns the progress of stages into one that runs from 0 to 1, with the time that is left at the pace so far. */
export class ProgressTracker {
  readonly #weights: Readonly<Record<Stage, number>>;
  readonly #now: () => number;
  readonly #startedAt: number;
  #stage: Stage = 'rendering';
  #fraction = 0;

  /** `now` in milliseconds, monotonic. */
  constructor(weights: Readonly<Record<Stage, number>>, now: () => number) {
    this.#weights = weights;
    this.#now = now;
    this.#startedAt = now();
  }

  /** `done` of `total` in the stage's own unit (frames, bytes). Reports of a stage that is over are ignored. */
  report(stage: Stage, done: number, total: number): void {
    const index = STAGES.indexOf(stage);
    if (index < STAGES.indexOf(this.#stage)) return;
    this.#stage = stage;
    const before = STAGES.slice(0, index).reduce((sum, s) => sum + this.#weights[s], 0);
    const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
    this.#fraction = Math.max(this.#fraction, Math.min(1, before + share * this.#weights[stage]));
  }

  current(): Progress {
    const seconds = (this.#now() - this.#startedAt) / 1000;
    const known = this.#fraction >= MIN_FRACTION && seconds >= MIN_SECONDS;
    const eta = known ? (seconds * (1 - this.#fraction)) / this.#fraction : null;
    return {
      stage: this.#stage,
      fraction: Math.round(this.#fraction * 10_000) / 10_000,
      etaSeconds: eta === null ? null : Math.round(eta * 10) / 10,
    };
  }
}
