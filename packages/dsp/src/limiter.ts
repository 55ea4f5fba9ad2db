import { dbToGain } from './gain.ts';
import { createPeakEnvelope } from './peak-envelope.ts';

export interface Limiter {
  /** Takes any number of frames, planar; returns as many as are certain by now (new arrays, perhaps empty). */
  push(block: readonly Float32Array[]): Float32Array[];
  /** The rest. Together with all `push`es: exactly as many frames as went in, none late. */
  flush(): Float32Array[];
}

/** The gain goes down over this time, ahead of the peak: short enough to keep the beat, too long to crackle. */
const LOOK_AHEAD_SECONDS = 0.005;
/** And comes back with this time constant. */
const RELEASE_SECONDS = 0.08;
/** Meters differ by so much, and between the points that are looked at the curve may pass them. */
const MARGIN_DB = 0.15;

/** The smallest of the last `length` values, by a queue of rising ones. */
function slidingMinimum(length: number): (value: number) => number {
  const values: number[] = [];
  const places: number[] = [];
  let head = 0;
  let n = 0;
  return (value) => {
    while (values.length > head && values[values.length - 1]! >= value) {
      values.pop();
      places.pop();
    }
    values.push(value);
    places.push(n);
    if (places[head]! <= n - length) head++;
    if (head > 1024) {
      values.splice(0, head);
      places.splice(0, head);
      head = 0;
    }
    n++;
    return values[head]!;
  };
}

/** The mean of the last `length` values, 1 before the first. */
function slidingMean(length: number): (value: number) => number {
  const ring = new Float64Array(length).fill(1);
  let sum = length;
  let at = 0;
  return (value) => {
    sum += value - ring[at]!;
    ring[at] = value;
    at = (at + 1) % length;
    return sum / length;
  };
}

/**
 * Holds true peaks under `ceilingDbtp` by turning the gain down ahead of them, all channels alike, and leaves alone what
 * is under it. Bit for bit the same however the input is cut.
 *
 * The gain at a frame is the mean, over the look-ahead that follows it, of values none of which is more than what any
 * frame of the look-ahead before them needs: so it is never more than what the frame itself needs, and never jumps.
 */
export function createLimiter(o: {
  sampleRate: number;
  channels: number;
  ceilingDbtp: number;
}): Limiter {
  const ceiling = dbToGain(o.ceilingDbtp - MARGIN_DB);
  const window = 2 * Math.ceil((LOOK_AHEAD_SECONDS * o.sampleRate) / 2);
  const release = 1 - Math.exp(-1 / (RELEASE_SECONDS * o.sampleRate));
  const envelope = createPeakEnvelope({ ...o, floor: ceiling });
  // One more than the look-ahead: a peak between two frames is both frames’ business.
  const minimum = slidingMinimum(window + 2);
  // Two means after each other make a triangle, whose slope has no corners at its ends.
  const means = [slidingMean(window / 2), slidingMean(window / 2 + 1)] as const;
  const delay = envelope.delay + window;
  /** Audio that waits for its gain. */
  const rings = Array.from({ length: o.channels }, () => new Float32Array(delay));
  let ringAt = 0;
  let toDrop = delay;
  let held = 1;

  const run = (block: readonly Float32Array[]): Float32Array[] => {
    const peaks = envelope.push(block);
    const frames = peaks.length;
    const out = rings.map(() => new Float32Array(frames));
    for (let i = 0; i < frames; i++) {
      const peak = peaks[i]!;
      const needed = minimum(peak > ceiling ? ceiling / peak : 1);
      held = Math.min(needed, held + (1 - held) * release);
      const gain = Math.min(1, means[1](means[0](held)));
      for (const [c, ring] of rings.entries()) {
        out[c]![i] = ring[ringAt]! * gain;
        ring[ringAt] = block[c]![i]!;
      }
      ringAt = (ringAt + 1) % delay;
    }
    const drop = Math.min(toDrop, frames);
    toDrop -= drop;
    return out.map((samples) => samples.subarray(drop));
  };

  return {
    push(block) {
      if (block.length !== o.channels) throw new RangeError(`expected ${o.channels} channels`);
      return run(block);
    },
    flush() {
      const silence = new Float32Array(delay);
      return run(rings.map(() => silence));
    },
  };
}
