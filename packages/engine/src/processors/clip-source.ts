import { DECLICK_FRAMES, type Stereo } from '../quantum.ts';
import type { ChunkStore } from './chunk-store.ts';

/** A clip as the source plays it; all in frames, `gain` linear and already rounded to float32. */
export interface SourceClip {
  readonly assetId: string;
  readonly channels: number;
  readonly startFrame: number;
  readonly offsetFrames: number;
  readonly lengthFrames: number;
  readonly gain: number;
}

/** The part of a transport's quantum that a source needs. */
export interface SourceQuantum {
  readonly position: number | null;
  /** First quantum of a run. */
  readonly reset: boolean;
  readonly sourceFrom: number;
  readonly sourceTo: number;
}

/** Multiplies both channels by a line from `from` (first sample) to `to` (one past the last). */
export function applyLine(out: Stereo, from: number, to: number): void {
  if (from === 1 && to === 1) return;
  const frames = out[0].length;
  const step = (to - from) / frames;
  for (let i = 0; i < frames; i++) {
    const gain = from + step * i;
    out[0][i]! *= gain;
    out[1][i]! *= gain;
  }
}

/**
 * Plays a track's clips out of a {@link ChunkStore}. `exact` (export) never fades; live, a start inside a clip,
 * the return of missing audio and an edit of the clips fade over {@link DECLICK_FRAMES}.
 */
export class ClipSource {
  readonly #store: ChunkStore;
  readonly #exact: boolean;
  readonly #scratch: Stereo;
  #clips: readonly SourceClip[] = [];
  #first = 0;
  #lastPosition = -1;
  #leaving: readonly SourceClip[] | null = null;
  #leavingFrames = 0;
  #fadeInDone = DECLICK_FRAMES;
  #starved = false;

  constructor(store: ChunkStore, options: { exact: boolean; frames: number }) {
    this.#store = store;
    this.#exact = options.exact;
    this.#scratch = [new Float32Array(options.frames), new Float32Array(options.frames)];
  }

  /** Replaces the clips; while something plays live, the old ones are crossfaded into the new ones. */
  setClips(clips: readonly SourceClip[]): void {
    if (!this.#exact && this.#lastPosition >= 0) {
      this.#leaving ??= this.#clips;
      this.#leavingFrames = 0;
    }
    this.#clips = [...clips].sort((a, b) => a.startFrame - b.startFrame);
    this.#first = 0;
  }

  /**
   * Writes one block (any length) of planar stereo. Returns whether audio was missing, which sounds as silence.
   */
  process(out: Stereo, quantum: SourceQuantum): boolean {
    out[0].fill(0);
    out[1].fill(0);
    const { position } = quantum;
    if (position === null) {
      this.#lastPosition = -1;
      this.#leaving = null;
      return false;
    }
    if (quantum.reset) this.#begin(position);
    const starved = this.#mix(out, this.#clips, position, true);
    if (this.#exact) return starved;
    if (this.#starved && !starved) this.#fadeInDone = 0;
    this.#starved = starved;
    this.#crossfadeEdit(out, position);
    this.#fadeIn(out);
    applyLine(out, quantum.sourceFrom, quantum.sourceTo);
    this.#lastPosition = position;
    return starved;
  }

  #begin(position: number): void {
    this.#first = 0;
    this.#leaving = null;
    this.#starved = false;
    const inside = this.#clips.some(
      (c) => c.startFrame < position && position < c.startFrame + c.lengthFrames,
    );
    this.#fadeInDone = inside ? 0 : DECLICK_FRAMES;
  }

  #fadeIn(out: Stereo): void {
    if (this.#fadeInDone >= DECLICK_FRAMES) return;
    const from = this.#fadeInDone / DECLICK_FRAMES;
    this.#fadeInDone += out[0].length;
    applyLine(out, from, Math.min(1, this.#fadeInDone / DECLICK_FRAMES));
  }

  #crossfadeEdit(out: Stereo, position: number): void {
    if (!this.#leaving) return;
    const from = this.#leavingFrames / DECLICK_FRAMES;
    this.#leavingFrames += out[0].length;
    const to = Math.min(1, this.#leavingFrames / DECLICK_FRAMES);
    applyLine(out, from, to);
    this.#scratch[0].fill(0);
    this.#scratch[1].fill(0);
    this.#mix(this.#scratch, this.#leaving, position, false);
    applyLine(this.#scratch, 1 - from, 1 - to);
    for (let i = 0; i < out[0].length; i++) {
      out[0][i]! += this.#scratch[0][i]!;
      out[1][i]! += this.#scratch[1][i]!;
    }
    if (to === 1) this.#leaving = null;
  }

  /** Adds every clip that overlaps the block, in order of their starts. */
  #mix(out: Stereo, clips: readonly SourceClip[], position: number, cursor: boolean): boolean {
    const end = position + out[0].length;
    let starved = false;
    for (let i = cursor ? this.#first : 0; i < clips.length; i++) {
      const clip = clips[i]!;
      if (clip.startFrame >= end) break;
      if (clip.startFrame + clip.lengthFrames > position) {
        if (this.#mixClip(out, clip, position)) starved = true;
      } else if (cursor && i === this.#first) {
        this.#first++;
      }
    }
    return starved;
  }

  #mixClip(out: Stereo, clip: SourceClip, position: number): boolean {
    const { chunkFrames } = this.#store;
    const frames = out[0].length;
    const until = Math.min(frames, clip.startFrame + clip.lengthFrames - position);
    let at = Math.max(0, clip.startFrame - position);
    let starved = false;
    while (at < until) {
      const assetFrame = clip.offsetFrames + position + at - clip.startFrame;
      const index = Math.floor(assetFrame / chunkFrames);
      const inChunk = assetFrame - index * chunkFrames;
      const run = Math.min(until - at, chunkFrames - inChunk);
      const chunk = this.#store.get(clip.assetId, index);
      if (chunk) mixRun(out, chunk, clip, { at, inChunk, run });
      else starved = true;
      at += run;
    }
    return starved;
  }
}

/** Adds a run of a chunk; frames past the chunk's end are silence (the asset is over). */
function mixRun(
  out: Stereo,
  chunk: Float32Array,
  clip: SourceClip,
  where: { at: number; inChunk: number; run: number },
): void {
  const { channels, gain } = clip;
  const { at, inChunk } = where;
  const run = Math.min(where.run, chunk.length / channels - inChunk);
  const [left, right] = out;
  const other = channels > 1 ? 1 : 0;
  for (let i = 0; i < run; i++) {
    const o = (inChunk + i) * channels;
    left[at + i]! += chunk[o]! * gain;
    right[at + i]! += chunk[o + other]! * gain;
  }
}
