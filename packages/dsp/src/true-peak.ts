import { kaiserBeta, kaiserWindow, sinc } from './kaiser.ts';

/** Taps per interpolation phase: flat within 0.01 dB up to 0.42 of the sample rate (20 kHz at 48 kHz). */
export const TAPS = 24;
const HALF = TAPS / 2;
const MEMORY = TAPS - 1;
/** Frames that are judged together whether they can hold a new peak; not smaller than the filter's memory. */
const RUN = 32;

/** Over-sampling after BS.1770-4 Annex 2: at least 192 kHz. */
export const oversampling = (sampleRate: number) =>
  sampleRate < 96_000 ? 4 : sampleRate < 192_000 ? 2 : 1;

/** Interpolation filter for a point `fraction` of a sample after the middle, unity gain at DC. */
export function fractionalDelay(fraction: number): Float64Array {
  const window = kaiserWindow(kaiserBeta(60));
  const taps = Float64Array.from({ length: TAPS }, (_, i) => {
    const t = i - (HALF - 1) - fraction;
    return sinc(t) * window(t / HALF);
  });
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((t) => t / sum);
}

/** The largest of `floor` and all |Σ x[i + k] · taps[k]|, i < RUN. */
function largestMagnitude(x: Float64Array, taps: Float64Array, floor: number): number {
  let largest = floor;
  // Four neighbouring points at once load each tap once and hide the latency of the additions.
  for (let i = 0; i < RUN; i += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let x0 = x[i]!;
    let x1 = x[i + 1]!;
    let x2 = x[i + 2]!;
    for (let k = 0; k < TAPS; k++) {
      const x3 = x[i + k + 3]!;
      const tap = taps[k]!;
      a += x0 * tap;
      b += x1 * tap;
      c += x2 * tap;
      d += x3 * tap;
      x0 = x1;
      x1 = x2;
      x2 = x3;
    }
    largest = Math.max(largest, Math.abs(a), Math.abs(b), Math.abs(c), Math.abs(d));
  }
  return largest;
}

export interface PeakMeter {
  push(samples: Float32Array): void;
  /** Largest magnitudes so far (linear): of the samples, and of the curve through them. */
  result(): { sample: number; true: number };
}

/**
 * Sample peak and true peak of one channel (BS.1770-4 Annex 2: 4 × poly-phase interpolation below 96 kHz,
 * 2 × below 192 kHz). Runs of samples too small to hold a new peak are skipped; the result is the same.
 */
export function createPeakMeter(sampleRate: number): PeakMeter {
  const factor = oversampling(sampleRate);
  const phases = Array.from({ length: factor - 1 }, (_, i) => fractionalDelay((i + 1) / factor));
  const absSum = (taps: Float64Array) => taps.reduce((a, b) => a + Math.abs(b), 0);
  // What interpolation can add at most; the last factor covers rounding.
  const reach = Math.max(1, ...phases.map(absSum)) * (1 + 1e-9);
  // The filter's memory, then the run that is being filled.
  const scratch = new Float64Array(MEMORY + RUN);
  let filled = 0;
  let previousLargest = 0;
  let samplePeak = 0;
  let truePeak = 0;

  const finishRun = () => {
    let largest = 0;
    for (let i = MEMORY; i < MEMORY + RUN; i++) largest = Math.max(largest, Math.abs(scratch[i]!));
    samplePeak = Math.max(samplePeak, largest);
    truePeak = Math.max(truePeak, largest);
    if (Math.max(largest, previousLargest) * reach > truePeak)
      for (const taps of phases) truePeak = largestMagnitude(scratch, taps, truePeak);
    previousLargest = largest;
    scratch.copyWithin(0, RUN, RUN + MEMORY);
    filled = 0;
  };

  const push = (samples: Float32Array) => {
    for (let at = 0; at < samples.length; ) {
      const end = Math.min(samples.length, at + RUN - filled);
      while (at < end) scratch[MEMORY + filled++] = samples[at++]!;
      if (filled === RUN) finishRun();
    }
  };

  return {
    push,
    result() {
      // The curve swings on after the last sample: look at it as if silence followed, then go back.
      const memory = scratch.slice();
      const before = { filled, previousLargest, samplePeak, truePeak };
      push(new Float32Array(2 * RUN - filled));
      const peaks = { sample: samplePeak, true: truePeak };
      scratch.set(memory);
      ({ filled, previousLargest, samplePeak, truePeak } = before);
      return peaks;
    },
  };
}
