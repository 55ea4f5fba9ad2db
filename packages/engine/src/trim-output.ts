import type { RenderPlan } from './plan.ts';
import type { Stereo } from './quantum.ts';
import { TailDetector } from './tail.ts';

const part = (block: Stereo, from: number, to: number): Stereo => [
  block[0].slice(from, to),
  block[1].slice(from, to),
];

/**
 * Cuts a file out of what the graph renders: drops the graph's latency at the start, passes the range, and then
 * as much tail as the plan asks for. Frames of the tail are held back until it is certain that they belong to it.
 */
export class OutputTrimmer {
  readonly #auto: boolean;
  readonly #detector: TailDetector;
  #dropFrames: number;
  #rangeFrames: number;
  #held: Stereo[] = [];
  #released = 0;
  #done = false;

  constructor(plan: RenderPlan) {
    this.#auto = plan.tail === 'auto';
    this.#dropFrames = plan.totalLatencyFrames;
    // A tail of fixed length is nothing but a longer range.
    this.#rangeFrames = plan.lengthFrames + (this.#auto ? 0 : plan.maxTailFrames);
    this.#detector = new TailDetector(plan);
    this.#done = this.#rangeFrames === 0 && (!this.#auto || plan.maxTailFrames === 0);
  }

  /** Whether the output is complete; further blocks are ignored. */
  get done(): boolean {
    return this.#done;
  }

  /** Takes the next rendered block; returns the blocks of the file that are certain by now (copies). */
  push(block: Stereo): Stereo[] {
    const frames = block[0].length;
    const drop = Math.min(this.#dropFrames, frames);
    this.#dropFrames -= drop;
    const inRange = Math.min(this.#rangeFrames, frames - drop);
    this.#rangeFrames -= inRange;
    const out = inRange > 0 && !this.#done ? [part(block, drop, drop + inRange)] : [];
    if (this.#rangeFrames > 0 || this.#done) return out;
    if (!this.#auto) this.#done = true;
    else out.push(...this.#pushTail(part(block, drop + inRange, frames)));
    return out;
  }

  #pushTail(block: Stereo): Stereo[] {
    this.#held.push(block);
    const length = this.#detector.push(block);
    const out = this.#release(length ?? this.#detector.loudUntil);
    if (length !== null) {
      this.#done = true;
      this.#held = [];
    }
    return out;
  }

  /** The held frames up to tail frame `until`. */
  #release(until: number): Stereo[] {
    const out: Stereo[] = [];
    while (this.#released < until) {
      const block = this.#held.shift() as Stereo;
      const take = Math.min(block[0].length, until - this.#released);
      if (take < block[0].length) this.#held.unshift(part(block, take, block[0].length));
      if (take > 0) out.push(take === block[0].length ? block : part(block, 0, take));
      this.#released += take;
    }
    return out;
  }
}

/** Frames that a graph has to render at most so that the trimmer is done. */
export const renderFrames = (plan: RenderPlan): number =>
  plan.totalLatencyFrames + plan.lengthFrames + plan.maxTailFrames;
