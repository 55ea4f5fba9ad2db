import { DECLICK_FRAMES, QUANTUM } from '../quantum.ts';

/** What one quantum plays; the same object for every processor of a render scope. */
export interface TransportQuantum {
  /** Timeline frame of the quantum's first sample, or null while nothing plays. */
  readonly position: number | null;
  /** Gain of the clip sources at the quantum's first sample and at the next quantum's first sample. */
  readonly sourceFrom: number;
  readonly sourceTo: number;
  /** The same for the master: closes just before a run starts, so that cutting old tails does not click. */
  readonly masterFrom: number;
  readonly masterTo: number;
  /** First quantum of a run: everything with a memory forgets it now. */
  readonly reset: boolean;
}

interface Run {
  readonly startFrame: number;
  readonly position: number;
}

const IDLE = { position: null, sourceFrom: 0, sourceTo: 0 };
const between = (value: number) => Math.min(1, Math.max(0, value));

/**
 * Maps context frames to the timeline. Runs start at whole quanta; a run that replaces another one, and a stop,
 * fade what was playing over {@link DECLICK_FRAMES}. A run from the first context frame has no fade at all.
 */
export class TransportClock {
  #run: Run | null = null;
  #next: Run | null = null;
  #stopRequested = false;
  #fadeFrom: number | null = null;
  #frame = -1;
  #quantum: TransportQuantum = { ...IDLE, masterFrom: 1, masterTo: 1, reset: false };

  /** Plays from `position` (timeline frames) at context frame `atFrame`, a multiple of {@link QUANTUM}. */
  play(atFrame: number, position: number): void {
    this.#next = { startFrame: atFrame, position };
    this.#stopRequested = false;
  }

  /** Fades out from the next quantum on; a run that has not begun yet is forgotten. */
  stop(): void {
    this.#next = null;
    if (this.#run) this.#stopRequested = true;
  }

  /** The quantum that begins at context frame `frame`; asking again for the same frame changes nothing. */
  at(frame: number): TransportQuantum {
    if (frame === this.#frame) return this.#quantum;
    this.#frame = frame;
    const reset = this.#begin(frame);
    this.#settleStop(frame);
    this.#quantum = this.#describe(frame, reset);
    return this.#quantum;
  }

  #begin(frame: number): boolean {
    if (!this.#next || frame < this.#next.startFrame) return false;
    this.#run = this.#next;
    this.#next = null;
    this.#fadeFrom = null;
    return true;
  }

  #settleStop(frame: number): void {
    if (this.#stopRequested) {
      this.#stopRequested = false;
      this.#fadeFrom ??= frame;
    }
    if (this.#fadeFrom === null || frame < this.#fadeFrom + DECLICK_FRAMES) return;
    this.#run = null;
    this.#fadeFrom = null;
  }

  #describe(frame: number, reset: boolean): TransportQuantum {
    const untilNext = (at: number) =>
      this.#next ? between((this.#next.startFrame - at) / DECLICK_FRAMES) : 1;
    const masterFrom = untilNext(frame);
    const masterTo = untilNext(frame + QUANTUM);
    if (!this.#run) return { ...IDLE, masterFrom, masterTo, reset };
    const stopping = (at: number) =>
      this.#fadeFrom === null ? 1 : between(1 - (at - this.#fadeFrom) / DECLICK_FRAMES);
    return {
      position: this.#run.position + frame - this.#run.startFrame,
      sourceFrom: stopping(frame),
      sourceTo: stopping(frame + QUANTUM),
      masterFrom,
      masterTo,
      reset,
    };
  }
}
