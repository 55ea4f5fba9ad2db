import type { CatalogEntry, ParamValues, Refusal } from '@mixdown/contract';
import { formatValue } from './format-value.ts';

/**
 * Whether `params` (real units) may be stored for a plugin: every id known, every value finite and in the overlay's
 * range. Returns null, or a refusal that names each offending parameter and its range.
 */
export function checkParams(
  entry: Pick<CatalogEntry, 'name' | 'parameters'>,
  params: ParamValues,
): Refusal | null {
  const unknown: { pointer: string; detail: string }[] = [];
  const outside: { pointer: string; detail: string }[] = [];
  const known = new Map(entry.parameters.map((p) => [p.id, p]));
  for (const [id, value] of Object.entries(params)) {
    const pointer = `/params/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const p = known.get(id);
    if (!p) {
      unknown.push({
        pointer,
        detail: `${entry.name} has no parameter "${id}"; it has ${[...known.keys()].join(', ')}`,
      });
    } else if (!Number.isFinite(value) || value < p.min || value > p.max) {
      outside.push({
        pointer,
        detail: `${p.label} must be between ${formatValue(p, p.min)} and ${formatValue(p, p.max)} (${p.min} … ${p.max}), not ${value}`,
      });
    } else if (p.kind !== 'continuous' && !Number.isInteger(value)) {
      outside.push({
        pointer,
        detail: `${p.label} takes whole numbers from ${p.min} to ${p.max}, not ${value}`,
      });
    }
  }
  const errors = [...unknown, ...outside];
  const first = errors[0];
  if (!first) return null;
  return {
    code: unknown.length ? 'unknown_parameter' : 'parameter_out_of_range',
    detail: `${first.detail}.`,
    errors,
  };
}
