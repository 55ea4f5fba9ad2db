import type { ParameterOverlay } from '@mixdown/contract';

const TYPES = {
  continuous: 'float',
  integer: 'int',
  switch: 'boolean',
  choice: 'choice',
} as const satisfies Record<ParameterOverlay['kind'], string>;

const clamp = (low: number, high: number, x: number) => Math.min(high, Math.max(low, x));

/**
 * Place of a value on the knob's travel, 0…1. The same rule as in the product's own panel (a test holds the two
 * together); written out here because a plugin's files are to stay what they are when the product changes.
 */
function normalize(p: ParameterOverlay, value: number): number {
  const x = clamp(p.min, p.max, value);
  if (p.scale === 'log') return Math.log(x / p.min) / Math.log(p.max / p.min);
  const share = (x - p.min) / (p.max - p.min);
  return p.scale === 'power' ? Math.sqrt(share) : share;
}

function denormalize(p: ParameterOverlay, travel: number): number {
  const n = clamp(0, 1, travel);
  if (p.scale === 'log') return clamp(p.min, p.max, p.min * (p.max / p.min) ** n);
  return p.min + (p.max - p.min) * (p.scale === 'power' ? n * n : n);
}

function valueString(p: ParameterOverlay, value: number): string {
  if (p.kind === 'switch') return value >= 0.5 ? 'On' : 'Off';
  if (p.kind === 'choice') return p.choices?.[Math.round(value) - p.min] ?? String(value);
  return `${Number(value.toPrecision(4))} ${p.unit}`.trim();
}

/** An overlay in WAM 2's words. */
export function createParameterInfo(p: ParameterOverlay) {
  return {
    id: p.id,
    label: `${p.group}: ${p.label}`,
    type: TYPES[p.kind],
    defaultValue: p.default,
    minValue: p.min,
    maxValue: p.max,
    discreteStep: p.step ?? 0,
    exponent: p.scale === 'linear' ? 1 : 2,
    choices: p.choices ?? [],
    units: p.unit,
    normalize: (value: number) => normalize(p, value),
    denormalize: (travel: number) => denormalize(p, travel),
    valueString: (value: number) => valueString(p, value),
  };
}
export type ParameterInfo = ReturnType<typeof createParameterInfo>;
