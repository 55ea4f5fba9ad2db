import type { ValueSpec } from './value-spec.ts';

/** Degrees of a knob's sweep, open at the bottom. */
const SWEEP = 270;
const START = -SWEEP / 2;

/** Degrees clockwise from the top at travel `n`, 0…1. */
export const knobAngle = (n: number): number => START + SWEEP * n;

/** Point on a circle of `radius` around (`centre`, `centre`), `degrees` clockwise from the top. */
function point(centre: number, radius: number, degrees: number): string {
  const radians = (degrees * Math.PI) / 180;
  const x = centre + radius * Math.sin(radians);
  const y = centre - radius * Math.cos(radians);
  return `${x.toFixed(3)} ${y.toFixed(3)}`;
}

/** SVG path along the sweep from travel `from` to travel `to` (0…1, in any order); '' where they meet. */
export function arcPath(centre: number, radius: number, from: number, to: number): string {
  const a = knobAngle(Math.min(from, to));
  const b = knobAngle(Math.max(from, to));
  if (b - a < 0.5) return '';
  const large = b - a > 180 ? 1 : 0;
  return `M${point(centre, radius, a)}A${radius} ${radius} 0 ${large} 1 ${point(centre, radius, b)}`;
}

/** Whether the arc begins at zero instead of at the minimum: for ranges across it. */
export const isBipolar = ({ scale, min, max }: Pick<ValueSpec, 'scale' | 'min' | 'max'>): boolean =>
  scale === 'linear' && min < 0 && max > 0;
