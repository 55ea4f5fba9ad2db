import type { ParameterOverlay } from '@mixdown/contract';

/** Range, scale, step and unit of a value under a hand; a plugin's parameters are described the same way. */
export type ValueSpec = ParameterOverlay;

type Given = Pick<ValueSpec, 'label' | 'min' | 'max' | 'default'> &
  Partial<Pick<ValueSpec, 'unit' | 'kind' | 'scale' | 'step'>>;

/** A spec for values that are no plugin's parameter, such as a fader. */
export const valueSpec = (given: Given): ValueSpec => ({
  id: 'value',
  unit: '',
  kind: 'continuous',
  scale: 'linear',
  step: null,
  group: 'Main',
  ...given,
});

/** Wet share of a slot, in per cent. */
export const MIX_SPEC = valueSpec({
  label: 'Dry/wet',
  unit: '%',
  min: 0,
  max: 100,
  default: 100,
  step: 1,
});

/** A track's level in dB; the bottom is silence. */
export const GAIN_SPEC = valueSpec({
  label: 'Level',
  unit: 'dB',
  min: -60,
  max: 12,
  default: 0,
  step: 0.1,
});
/** The level's bottom is no level at all. */
export const formatGain = (db: number): string =>
  db <= GAIN_SPEC.min ? '−∞ dB' : `${db > 0 ? '+' : ''}${db.toFixed(1)} dB`.replace('-', '−');
export const speakGain = (db: number): string =>
  db <= GAIN_SPEC.min ? 'silent' : `${Number(db.toFixed(1))} decibels`.replace('-', 'minus ');

/** −1 left … 1 right. */
export const PAN_SPEC = valueSpec({ label: 'Pan', min: -1, max: 1, default: 0, step: 0.01 });
const panPercent = (pan: number) => Math.round(Math.abs(pan) * 100);
export const formatPan = (pan: number): string =>
  panPercent(pan) === 0 ? 'C' : `${panPercent(pan)} ${pan < 0 ? 'L' : 'R'}`;
export const speakPan = (pan: number): string =>
  panPercent(pan) === 0 ? 'centre' : `${panPercent(pan)} percent ${pan < 0 ? 'left' : 'right'}`;

/** "C", "30 L", "R30", "-0.3"; null if it means nothing. */
export function parsePan(input: string): number | null {
  const text = input.trim().toLowerCase().replaceAll('−', '-').replace(/\s|%/g, '');
  if (text === 'c' || text === 'centre' || text === 'center') return 0;
  const side = /^(?:([lr])(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)([lr]))$/.exec(text);
  const signed = side
    ? (Number(side[2] ?? side[3]) / 100) * ((side[1] ?? side[4]) === 'l' ? -1 : 1)
    : Number(text === '' ? Number.NaN : text);
  if (!Number.isFinite(signed)) return null;
  // Nobody types a hundredth of a side: whole numbers above 1 are per cent.
  const pan = !side && Math.abs(signed) > 1 ? signed / 100 : signed;
  return Math.round(Math.max(-1, Math.min(1, pan)) * 100) / 100;
}
