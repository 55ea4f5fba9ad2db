import { designResamplerFilter, type ResamplerFilter } from './resampler-filter.ts';
import { dotMono, dotStereo } from './resampler-kernel.ts';

export interface Resampler {
  /** Takes any number of frames, planar; returns what can be computed so far (new arrays, perhaps empty). */
  push(block: readonly Float32Array[]): Float32Array[];
  /** The rest, as if silence followed. Together with all `push`es: exactly round(n · to / from) frames. */
  flush(): Float32Array[];
}

/** Frames of input that are worked on at a time. */
const RUN = 4096;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * Streaming sample-rate converter between any two whole rates: windowed sinc, poly-phase, linear phase with the delay
 * taken out (frame 0 stays at time 0). Output is bit for bit the same however the input is cut into blocks.
 */
export function createResampler(o: {
  fromRate: number;
  toRate: number;
  channels: number;
}): Resampler {
  if (o.fromRate === o.toRate) return passThrough(o.channels);
  const divisor = gcd(o.fromRate, o.toRate);
  const step = o.fromRate / divisor;
  const steps = o.toRate / divisor;
  const filter = designResamplerFilter(o.fromRate, o.toRate, steps);
  const weightsOf = rows(filter, steps);
  const { taps } = filter;
  // Windows slide over the input; `held` frames are in them, at first the silence before frame 0.
  const windows = Array.from({ length: o.channels }, () => new Float64Array(taps + RUN));
  let held = filter.before;
  // Where the next output's first tap stands: frames into the window, and the rest in units of 1 / steps.
  let at = 0;
  let fraction = 0;
  let pushed = 0;
  let produced = 0;

  const append = (block: readonly Float32Array[], from: number, to: number) => {
    for (const [c, window] of windows.entries()) {
      const source = block[c]!;
      for (let i = from; i < to; i++) window[held + i - from] = source[i]!;
    }
    held += to - from;
  };

  /** Computes outputs from `n` on until input or room runs out; returns the index after the last. */
  const produce = (out: readonly Float32Array[], from: number, room: number): number => {
    let n = from;
    for (; at + taps <= held && n < room; n++) {
      const { weights, row } = weightsOf(fraction);
      let c = 0;
      for (; c + 1 < out.length; c += 2)
        dotStereo(windows[c]!, windows[c + 1]!, at, weights, row, taps, out[c]!, out[c + 1]!, n);
      if (c < out.length) out[c]![n] = dotMono(windows[c]!, at, weights, row, taps);
      fraction += step;
      const whole = Math.floor(fraction / steps);
      at += whole;
      fraction -= whole * steps;
    }
    return n;
  };

  const dropUsed = () => {
    const used = Math.min(at, held);
    for (const window of windows) window.copyWithin(0, used, held);
    held -= used;
    at -= used;
  };

  const run = (block: readonly Float32Array[], frames: number, limit: number): Float32Array[] => {
    const room = Math.min(limit, Math.ceil(((held + frames) * steps) / step) + 1);
    const out = windows.map(() => new Float32Array(room));
    let n = 0;
    for (let from = 0; from < frames; from += RUN) {
      append(block, from, Math.min(frames, from + RUN));
      n = produce(out, n, room);
      dropUsed();
    }
    produced += n;
    return out.map((samples) => (n === room ? samples : samples.slice(0, n)));
  };

  return {
    push(block) {
      if (block.length !== o.channels) throw new RangeError(`expected ${o.channels} channels`);
      const frames = block[0]?.length ?? 0;
      pushed += frames;
      return run(block, frames, Number.POSITIVE_INFINITY);
    },
    flush() {
      const silence = new Float32Array(taps + Math.ceil(step / steps));
      const missing = Math.round((pushed * o.toRate) / o.fromRate) - produced;
      return run(
        windows.map(() => silence),
        silence.length,
        missing,
      );
    },
  };
}

/** Finds the weights for a fraction of a frame, in units of 1 / steps. */
function rows({ exact, phases, taps, coefficients }: ResamplerFilter, steps: number) {
  const found = { weights: coefficients, row: 0 };
  if (exact) {
    return (fraction: number) => {
      found.row = fraction * taps;
      return found;
    };
  }
  found.weights = new Float64Array(taps);
  return (fraction: number) => {
    const position = (fraction / steps) * phases;
    const phase = Math.floor(position);
    const share = position - phase;
    const row = phase * taps;
    for (let i = 0; i < taps; i++) {
      const weight = coefficients[row + i]!;
      found.weights[i] = weight + share * (coefficients[row + taps + i]! - weight);
    }
    return found;
  };
}

const passThrough = (channels: number): Resampler => ({
  push: (block) => block.map((samples) => samples.slice()),
  flush: () => Array.from({ length: channels }, () => new Float32Array(0)),
});
