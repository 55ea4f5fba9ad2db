import { kaiserBeta, kaiserLength, kaiserWindow, sinc } from './kaiser.ts';

/** Highest audible frequency that stays untouched where the rates allow it, Hz. */
const PASS_HZ = 20_000;
/** At low rates, where 20 kHz does not exist: share of the lower Nyquist frequency that stays untouched. */
const PASS_SHARE = 0.907;
/** Somewhat more than the promised 120 dB, since the Kaiser formula is an estimate. */
const STOP_DB = 128;
/** Above this many phases a table is interpolated instead: 4096 phases leave an error of −140 dB. */
const MAX_PHASES = 4096;

/**
 * A poly-phase low-pass. Output k stands at input time k · from / to; it is the sum over i < `taps` of
 * input[⌊time⌋ − `before` + i] · coefficients[phase · taps + i], phase = fraction(time) · `phases`.
 */
export interface ResamplerFilter {
  readonly taps: number;
  readonly before: number;
  readonly phases: number;
  /** Whether `phases` divides time exactly; otherwise interpolate linearly between phase and phase + 1. */
  readonly exact: boolean;
  /** (phases + 1) × taps. */
  readonly coefficients: Float64Array;
}

/**
 * Kaiser-windowed sinc: flat to 20 kHz (or 0.907 of the lower Nyquist frequency), ≥ 120 dB down from the lower
 * Nyquist frequency on, so neither images nor aliases remain. `steps` = exact phases, to / gcd(from, to).
 */
export function designResamplerFilter(
  fromRate: number,
  toRate: number,
  steps: number,
): ResamplerFilter {
  const stop = Math.min(fromRate, toRate) / 2;
  const pass = Math.min(PASS_HZ, PASS_SHARE * stop);
  const cutoff = (pass + stop) / fromRate;
  const half = Math.ceil(kaiserLength(STOP_DB, (stop - pass) / fromRate) / 2);
  const taps = 2 * half;
  const window = kaiserWindow(kaiserBeta(STOP_DB));
  const exact = steps <= MAX_PHASES;
  const phases = exact ? steps : MAX_PHASES;
  const coefficients = new Float64Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase++) {
    const row = coefficients.subarray(phase * taps, (phase + 1) * taps);
    for (let i = 0; i < taps; i++) {
      const t = i - (half - 1) - phase / phases;
      row[i] = sinc(cutoff * t) * window(t / half);
    }
    // Unity gain at DC in every phase, so that a constant stays a constant.
    const scale = 1 / row.reduce((a, b) => a + b, 0);
    for (let i = 0; i < taps; i++) row[i] = row[i]! * scale;
  }
  return { taps, before: half - 1, phases, exact, coefficients };
}
