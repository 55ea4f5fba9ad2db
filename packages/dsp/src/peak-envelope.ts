import { fractionalDelay, oversampling, TAPS } from './true-peak.ts';

export interface PeakEnvelope {
  /** The largest magnitude, over all channels, at each frame and on the curve up to the next; `delay` frames late. */
  push(block: readonly Float32Array[]): Float64Array;
  readonly delay: number;
}

const BEFORE = TAPS / 2 - 1;

/**
 * True peaks frame by frame (BS.1770-4 Annex 2), for whoever has to act on them and not only to state the largest.
 * Points between frames are computed only where they could pass `floor`; elsewhere the frame's own magnitude stands.
 */
export function createPeakEnvelope(o: {
  sampleRate: number;
  channels: number;
  floor: number;
}): PeakEnvelope {
  const factor = oversampling(o.sampleRate);
  const phases = Array.from({ length: factor - 1 }, (_, i) => fractionalDelay((i + 1) / factor));
  const reach = Math.max(
    1,
    ...phases.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)),
  );
  // Each channel's last frames, twice over, so that a window of them never wraps.
  const rings = Array.from({ length: o.channels }, () => new Float64Array(2 * TAPS));
  let at = 0;
  /** Frames for which the window still holds something large. */
  let alert = 0;

  const between = (ring: Float64Array, largest: number) => {
    let peak = largest;
    for (const taps of phases) {
      let sum = 0;
      for (let k = 0; k < TAPS; k++) sum += ring[at + k]! * taps[k]!;
      if (Math.abs(sum) > peak) peak = Math.abs(sum);
    }
    return peak;
  };

  return {
    delay: TAPS - 1 - BEFORE,
    push(block) {
      const frames = block[0]?.length ?? 0;
      const out = new Float64Array(frames);
      for (let i = 0; i < frames; i++) {
        let newest = 0;
        for (const [c, ring] of rings.entries()) {
          const x = block[c]![i]!;
          ring[at] = x;
          ring[at + TAPS] = x;
          newest = Math.max(newest, Math.abs(x));
        }
        at = (at + 1) % TAPS;
        alert = newest * reach > o.floor ? TAPS : Math.max(0, alert - 1);
        let peak = 0;
        for (const ring of rings) {
          peak = Math.max(peak, Math.abs(ring[at + BEFORE]!));
          if (alert > 0) peak = between(ring, peak);
        }
        out[i] = peak;
      }
      return out;
    },
  };
}
