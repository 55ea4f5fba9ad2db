import type { CatalogEntry, ExportOptions } from '@mixdown/contract';
import type { PlanTrack } from './plan.ts';
import type { Stereo } from './quantum.ts';

/** −90 dBFS: below half a step of 16-bit audio; what stays under it has died away. */
const QUIET = 10 ** (-90 / 20);
/** However long the chains could ring: an export never waits longer than this for silence. */
export const LONGEST_TAIL_SECONDS = 60;
const QUIET_SECONDS = 0.5;

/** Frames that a tail may last: tails of a chain add up, the longest audible track decides. */
export function maxTailFrames(
  tracks: readonly PlanTrack[],
  tail: ExportOptions['tail'],
  sampleRate: number,
): number {
  if (tail === 'none') return 0;
  if (tail !== 'auto') return Math.round(tail * sampleRate);
  const seconds = tracks
    .filter((track) => track.audible)
    .map((track) => working(track).reduce((sum, entry) => sum + entry.maxTailSeconds, 0));
  return Math.ceil(Math.min(LONGEST_TAIL_SECONDS, Math.max(0, ...seconds)) * sampleRate);
}

/**
 * Frames of quiet that end an `auto` tail: half a second, and longer where a delay could still bring an echo
 * back, whose gaps are as long as the delay times of the chain.
 */
export function quietWindowFrames(tracks: readonly PlanTrack[], sampleRate: number): number {
  const gaps = tracks
    .filter((track) => track.audible)
    .map((track) =>
      track.slots
        .filter((slot) => slot.entry && !slot.bypassed)
        .reduce((sum, slot) => sum + longestEcho(slot.entry as CatalogEntry, slot.params), 0),
    );
  return Math.ceil((QUIET_SECONDS + Math.max(0, ...gaps)) * sampleRate);
}

const working = (track: PlanTrack): CatalogEntry[] =>
  track.slots.flatMap((slot) => (slot.entry && !slot.bypassed ? [slot.entry] : []));

/** Seconds between two echoes of a plugin: the longest of its times. */
function longestEcho(entry: CatalogEntry, params: Readonly<Record<string, number>>): number {
  if (entry.category !== 'delay' && entry.category !== 'reverb') return 0;
  const seconds = entry.parameters.map((p) => {
    const value = params[p.id] ?? p.default;
    return p.unit === 'ms'
      ? value / 1000
      : p.unit === 's' && entry.category === 'delay'
        ? value
        : 0;
  });
  return Math.max(0, ...seconds);
}

/**
 * Finds the end of an `auto` tail: the frame after the last sample that is not quiet, known once
 * `quietWindowFrames` quiet frames have followed, or `maxTailFrames` are over. Pure over the samples, so that
 * every way to render cuts at the same frame.
 */
export class TailDetector {
  readonly #windowFrames: number;
  readonly #maxFrames: number;
  #seen = 0;
  #loudUntil = 0;

  constructor(options: { quietWindowFrames: number; maxTailFrames: number }) {
    this.#windowFrames = options.quietWindowFrames;
    this.#maxFrames = options.maxTailFrames;
  }

  /** Tail frames that are certain to be part of the file. */
  get loudUntil(): number {
    return this.#loudUntil;
  }

  /** Takes the next frames after the end of the range; returns the tail's length as soon as it is known. */
  push(block: Stereo): number | null {
    const [left, right] = block;
    for (let i = 0; i < left.length; i++) {
      if (this.#seen >= this.#maxFrames) return this.#loudUntil;
      this.#seen++;
      if (Math.abs(left[i]!) >= QUIET || Math.abs(right[i]!) >= QUIET) this.#loudUntil = this.#seen;
      else if (this.#seen - this.#loudUntil >= this.#windowFrames) return this.#loudUntil;
    }
    return this.#seen >= this.#maxFrames ? this.#loudUntil : null;
  }
}
