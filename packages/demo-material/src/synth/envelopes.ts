import { SAMPLE_RATE } from '../song.ts';
import { fallOf } from './tables.ts';

/** 1 at 0, falling by 60 dB in `seconds`. */
export const decay = (frame: number, seconds: number): number =>
  fallOf(frame / (seconds * SAMPLE_RATE));

/** Rises over `attack` seconds, holds, falls over `release` seconds to end at `frames`; raised cosines, 0…1. */
export function swell(frame: number, frames: number, attack: number, release: number): number {
  const up = Math.min(1, frame / Math.max(1, attack * SAMPLE_RATE));
  const down = Math.min(1, (frames - frame) / Math.max(1, release * SAMPLE_RATE));
  const ease = (x: number) => (x >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * Math.max(0, x)));
  return ease(up) * ease(down);
}

/** A click-free start: 0 to 1 in `milliseconds`. */
export const rise = (frame: number, milliseconds: number): number =>
  Math.min(1, frame / ((milliseconds / 1000) * SAMPLE_RATE));

export const frames = (seconds: number): number => Math.round(seconds * SAMPLE_RATE);
