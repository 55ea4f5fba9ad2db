import type { CatalogEntry, ParameterOverlay, ParamValues } from '@mixdown/contract';

/**
 * Exponent of the `power` scale: value = min + (max − min) · n². Gives times and mixes that start at 0,
 * where a logarithm is impossible, more travel at the short end.
 */
const POWER = 2;

/** Steps over the whole travel for parameters without a step of their own. */
const TRAVEL_STEPS = 1000;

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** Where `value` (real units) stands on the knob's travel, 0…1. Values outside of the range are clamped. */
export function toNormalized(p: ParameterOverlay, value: number): number {
  if (p.max === p.min) return 0;
  const v = clamp(value, p.min, p.max);
  switch (p.scale) {
    case 'log':
      return Math.log(v / p.min) / Math.log(p.max / p.min);
    case 'power':
      return ((v - p.min) / (p.max - p.min)) ** (1 / POWER);
    case 'linear':
      return (v - p.min) / (p.max - p.min);
  }
}

/** The value (real units, not quantised) at travel `n`, 0…1. */
export function fromNormalized(p: ParameterOverlay, n: number): number {
  const t = clamp(n, 0, 1);
  if (t === 0) return p.min;
  if (t === 1) return p.max;
  switch (p.scale) {
    case 'log':
      return p.min * (p.max / p.min) ** t;
    case 'power':
      return p.min + (p.max - p.min) * t ** POWER;
    case 'linear':
      return p.min + (p.max - p.min) * t;
  }
}

/** Cuts binary noise such as 0.30000000000000004 without touching any digit that a step could mean. */
const tidy = (value: number) => Number(value.toPrecision(12));

/**
 * The nearest value that may be stored and sent: a multiple of the parameter's step counted from its minimum,
 * or, without a step, the nearest thousandth of the knob's travel. Idempotent; the result lies in the range.
 */
export function quantise(p: ParameterOverlay, value: number): number {
  if (Number.isNaN(value)) return p.default;
  const v = clamp(value, p.min, p.max);
  const step = p.kind === 'continuous' ? p.step : (p.step ?? 1);
  if (step !== null)
    return clamp(tidy(p.min + Math.round((v - p.min) / step) * step), p.min, p.max);
  return clamp(
    tidy(fromNormalized(p, Math.round(toNormalized(p, v) * TRAVEL_STEPS) / TRAVEL_STEPS)),
    p.min,
    p.max,
  );
}

/** Share of the knob's travel that one key press moves. */
const TRAVEL = { fine: 0.001, step: 0.01, page: 0.1 } as const;

/**
 * The value after one key press (arrow = `step`, Shift+arrow = `fine`, PageUp/PageDown = `page`): that share of the
 * travel, quantised, but always at least one step of the parameter, so that no press is lost before the range ends.
 */
export function nudge(
  p: ParameterOverlay,
  value: number,
  direction: 1 | -1,
  size: keyof typeof TRAVEL,
): number {
  const step = p.kind === 'continuous' ? p.step : (p.step ?? 1);
  const singleStep = step !== null && (p.kind !== 'continuous' || size === 'fine');
  if (singleStep && size !== 'page') return quantise(p, value + direction * step);
  const next = quantise(p, fromNormalized(p, toNormalized(p, value) + direction * TRAVEL[size]));
  return next === value && step !== null ? quantise(p, value + direction * step) : next;
}

export const defaultParams = (entry: Pick<CatalogEntry, 'parameters'>): ParamValues =>
  Object.fromEntries(entry.parameters.map((p) => [p.id, p.default]));
