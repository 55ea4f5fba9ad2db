import { gainToDb } from './gain.ts';
import { gatedLoudness, loudnessRange, slidingMeanSquares } from './gating.ts';
import { createKWeightedEnergy } from './k-weighting.ts';
import { createPeakMeter } from './true-peak.ts';

export interface Loudness {
  /** BS.1770-4, LUFS; null = silence (nothing over −70 LUFS, or shorter than 400 ms). */
  integratedLufs: number | null;
  /** EBU Tech 3342, LU; null = silence or shorter than 3 s. */
  loudnessRange: number | null;
  /** dBTP; null = digital silence. */
  truePeakDbtp: number | null;
  /** dBFS; −Infinity = digital silence. */
  samplePeakDbfs: number;
}

export interface LoudnessMeter {
  /** Takes any number of frames, planar, one array per channel. */
  push(block: readonly Float32Array[]): void;
  /** Of everything pushed so far; more may be pushed afterwards. */
  result(): Loudness;
}

const STEPS_PER_SECOND = 10;
const INTEGRATED_STEPS = 4;
const SHORT_TERM_STEPS = 30;

/**
 * Streaming loudness and peak meter for one (mono) or two channels, each of weight 1. Memory: one number per 100 ms.
 * The result does not depend on how the audio is cut into blocks.
 */
export function createLoudnessMeter(o: { sampleRate: number; channels: number }): LoudnessMeter {
  if (o.channels < 1 || o.channels > 2) throw new RangeError(`${o.channels} channels: 1 or 2 only`);
  const filters = Array.from({ length: o.channels }, () => createKWeightedEnergy(o.sampleRate));
  const peaks = Array.from({ length: o.channels }, () => createPeakMeter(o.sampleRate));
  // Rates that ten does not divide get steps that differ by one frame, so that no drift builds up.
  const stepEnd = (index: number) => Math.round(((index + 1) * o.sampleRate) / STEPS_PER_SECOND);
  const stepFrames = (index: number) => stepEnd(index) - stepEnd(index - 1);
  const energies: number[] = [];
  let position = 0;

  return {
    push(block) {
      const frames = block[0]?.length ?? 0;
      if (block.length !== o.channels) throw new RangeError(`expected ${o.channels} channels`);
      for (const [c, samples] of block.entries()) peaks[c]!.push(samples);
      let at = 0;
      while (at < frames) {
        const end = Math.min(frames, at + stepEnd(energies.length) - position);
        for (const [c, samples] of block.entries()) filters[c]!.add(samples, at, end);
        position += end - at;
        at = end;
        if (position === stepEnd(energies.length))
          energies.push(filters.reduce((sum, filter) => sum + filter.take(), 0));
      }
    },
    result() {
      const measured = peaks.map((p) => p.result());
      const truePeak = Math.max(...measured.map((p) => p.true));
      return {
        integratedLufs: gatedLoudness(slidingMeanSquares(energies, INTEGRATED_STEPS, stepFrames)),
        loudnessRange: loudnessRange(slidingMeanSquares(energies, SHORT_TERM_STEPS, stepFrames)),
        truePeakDbtp: truePeak > 0 ? gainToDb(truePeak) : null,
        samplePeakDbfs: gainToDb(Math.max(...measured.map((p) => p.sample))),
      };
    },
  };
}

/**
 * The gain in dB that brings a mix of the measured loudness to `lufs` without its true peak passing `ceilingDbtp`.
 * Silence stays as it is: 0.
 */
export function normalizationGainDb(
  measured: Pick<Loudness, 'integratedLufs' | 'truePeakDbtp'>,
  target: { lufs: number; ceilingDbtp: number },
): number {
  if (measured.integratedLufs === null) return 0;
  const wanted = target.lufs - measured.integratedLufs;
  return measured.truePeakDbtp === null
    ? wanted
    : Math.min(wanted, target.ceilingDbtp - measured.truePeakDbtp);
}
