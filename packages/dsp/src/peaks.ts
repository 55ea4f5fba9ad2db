import type { AssetPeaks } from '@mixdown/contract';

const FULL = 127;
const toInt8 = (x: number) => Math.max(-FULL, Math.min(FULL, Math.round(x * FULL)));

/** Runs of peaks per string, so that the argument list stays below every engine's limit. */
const STRING_RUN = 8192;

function base64(bytes: Int8Array): string {
  const unsigned = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let binary = '';
  for (let at = 0; at < unsigned.length; at += STRING_RUN)
    binary += String.fromCharCode(...unsigned.subarray(at, at + STRING_RUN));
  return btoa(binary);
}

export interface PeakCollector {
  /** Takes any number of frames, planar. */
  push(block: readonly Float32Array[]): void;
  /** Of everything pushed so far; a last run that is not full counts as one. */
  result(): AssetPeaks;
}

/** Collects the smallest and the largest sample of each run of `framesPerPeak` frames, over all channels. */
export function createPeaks(framesPerPeak: number): PeakCollector {
  const peaks: number[] = [];
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let filled = 0;
  return {
    push(block) {
      const frames = block[0]?.length ?? 0;
      for (let at = 0; at < frames; ) {
        const end = Math.min(frames, at + framesPerPeak - filled);
        for (const samples of block) {
          for (let i = at; i < end; i++) {
            const x = samples[i]!;
            if (x < min) min = x;
            if (x > max) max = x;
          }
        }
        filled += end - at;
        at = end;
        if (filled === framesPerPeak) {
          peaks.push(toInt8(min), toInt8(max));
          min = Number.POSITIVE_INFINITY;
          max = Number.NEGATIVE_INFINITY;
          filled = 0;
        }
      }
    },
    result() {
      const rest = filled > 0 ? [toInt8(min), toInt8(max)] : [];
      return { framesPerPeak, peaks: base64(Int8Array.from([...peaks, ...rest])) };
    },
  };
}

/** Peaks of a whole sound at once, planar. */
export function computePeaks(channels: readonly Float32Array[], framesPerPeak: number): AssetPeaks {
  const collector = createPeaks(framesPerPeak);
  collector.push(channels);
  return collector.result();
}
