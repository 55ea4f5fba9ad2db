import { SAMPLE_RATE } from '../song.ts';
import { sineOf } from './tables.ts';

/**
 * Residual of a unit step that a naive waveform rounds off around its jump, over one frame on either side: PolyBLEP
 * (Välimäki and Huovilainen, "Antialiasing oscillators in subtractive synthesis", 2007). `t` is the phase, `dt` the
 * phase per frame.
 */
export function polyBlep(t: number, dt: number): number {
  if (t < dt) {
    const x = t / dt;
    return x + x - x * x - 1;
  }
  if (t > 1 - dt) {
    const x = (t - 1) / dt;
    return x * x + x + x + 1;
  }
  return 0;
}

/** A band-limited sawtooth, −1…1; call once a frame with the frequency in Hz. */
export function saw(phase = 0): (hertz: number) => number {
  let t = phase;
  return (hertz) => {
    const dt = hertz / SAMPLE_RATE;
    t += dt;
    if (t >= 1) t -= 1;
    return 2 * t - 1 - polyBlep(t, dt);
  };
}

/** A band-limited pulse wave, −1…1; `width` is the share of the period that is up. */
export function pulse(phase = 0): (hertz: number, width: number) => number {
  let t = phase;
  return (hertz, width) => {
    const dt = hertz / SAMPLE_RATE;
    t += dt;
    if (t >= 1) t -= 1;
    const down = (t + 1 - width) % 1;
    return (t < width ? 1 : -1) + polyBlep(t, dt) - polyBlep(down, dt);
  };
}

/** A sine; `shift` moves its phase, in turns, for frequency modulation. */
export function sine(phase = 0): (hertz: number, shift?: number) => number {
  let t = phase;
  return (hertz, shift = 0) => {
    t += hertz / SAMPLE_RATE;
    if (t >= 1) t -= 1;
    return sineOf(t + shift);
  };
}
