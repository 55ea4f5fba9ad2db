import type { ParameterOverlay } from '@mixdown/contract';

/** Three significant digits, at most two decimals: 12.3, 1.23, 123. */
function digits(value: number): string {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  // A rounded −0.00 reads as a mistake.
  return Number(text) === 0 ? text.replace('-', '') : text;
}

interface Spoken {
  readonly number: string;
  readonly unit: string;
  readonly spoken: string;
}

const SPOKEN_UNITS: Record<ParameterOverlay['unit'], string> = {
  '': '',
  dB: 'decibels',
  Hz: 'hertz',
  ms: 'milliseconds',
  s: 'seconds',
  '%': 'percent',
  ':1': 'to 1',
  st: 'semitones',
  '°': 'degrees',
  Q: 'Q',
  oct: 'octaves',
};

function parts(p: ParameterOverlay, value: number): Spoken {
  if (p.unit === 'Hz' && Math.abs(value) >= 1000)
    return { number: digits(value / 1000), unit: 'kHz', spoken: 'kilohertz' };
  if (p.unit === 'ms' && Math.abs(value) >= 1000)
    return { number: digits(value / 1000), unit: 's', spoken: 'seconds' };
  if (p.unit === 'dB' && value > 0 && p.min < 0)
    return { number: `+${digits(value)}`, unit: 'dB', spoken: 'decibels' };
  const number = p.kind === 'integer' ? String(Math.round(value)) : digits(value);
  return { number, unit: p.unit, spoken: SPOKEN_UNITS[p.unit] };
}

const named = (p: ParameterOverlay, value: number): string | undefined => {
  if (p.kind === 'switch') return value >= (p.min + p.max) / 2 ? 'On' : 'Off';
  if (p.kind === 'choice') return p.choices?.[Math.round(value) - p.min];
  return undefined;
};

/** What stands under the knob: "1.20 kHz", "−6.00 dB", "4.00:1", "On". */
export function formatValue(p: ParameterOverlay, value: number): string {
  const name = named(p, value);
  if (name !== undefined) return name;
  const { number, unit } = parts(p, value);
  const text = number.replace('-', '−');
  if (unit === '' || unit === ':1' || unit === '%' || unit === '°') return `${text}${unit}`;
  return unit === 'Q' ? `Q ${text}` : `${text} ${unit}`;
}

/** What a screen reader says: "1.2 kilohertz", "minus 6 decibels". */
export function speakValue(p: ParameterOverlay, value: number): string {
  const name = named(p, value);
  if (name !== undefined) return name;
  const { number, spoken } = parts(p, value);
  const plain = number.includes('.') ? number.replace(/\.?0+$/, '') : number;
  return `${plain.replace('-', 'minus ').replace('+', '')}${spoken && ` ${spoken}`}`;
}
