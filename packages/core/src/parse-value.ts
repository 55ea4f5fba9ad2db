import type { ParameterOverlay } from '@mixdown/contract';
import { fromNormalized, quantise } from './parameters.ts';

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?`;

/** Milliseconds of a note value such as 1/8, 1/8t (triplet), 1/8. or 1/8d (dotted). */
function noteMilliseconds(text: string, tempo: number): number | null {
  const match = /^(\d+)\/(\d+)([td.]?)$/.exec(text);
  if (!match) return null;
  const [, top = '', bottom = '', kind = ''] = match;
  const whole = (4 * 60_000) / tempo;
  const length = (whole * Number(top)) / Number(bottom);
  if (!Number.isFinite(length)) return null;
  return length * (kind === 't' ? 2 / 3 : kind === '' ? 1 : 1.5);
}

/** A frequency in Hz of a note name, A4 = 440 Hz. */
function noteHertz(text: string): number | null {
  const match = /^([a-g])([#b]?)(-?\d)$/.exec(text);
  if (!match) return null;
  const [, letter = 'a', accidental = '', octave = '4'] = match;
  const semitone = { c: -9, d: -7, e: -5, f: -4, g: -2, a: 0, b: 2 }[letter] ?? 0;
  const shift = accidental === '#' ? 1 : accidental === 'b' ? -1 : 0;
  return 440 * 2 ** ((semitone + shift + (Number(octave) - 4) * 12) / 12);
}

/** Real units from a number and what was typed behind it. */
function convert(p: ParameterOverlay, value: number, suffix: string): number | null {
  const scaled: Record<string, Partial<Record<string, number>>> = {
    Hz: { hz: 1, k: 1000, khz: 1000 },
    ms: { ms: 1, s: 1000, sec: 1000, us: 0.001 },
    s: { s: 1, sec: 1, ms: 0.001 },
    dB: { db: 1 },
    ':1': { ':1': 1, x: 1 },
    st: { st: 1, semi: 1 },
    '°': { '°': 1, deg: 1 },
    Q: { q: 1 },
    oct: { oct: 1 },
    '%': { '%': 1 },
    '': { x: 1 },
  };
  if (suffix === '') return value;
  const factor = scaled[p.unit]?.[suffix];
  if (factor !== undefined) return value * factor;
  // "35%" on anything else is a place on the knob's travel.
  if (suffix === '%') return fromNormalized(p, value / 100);
  if (suffix === 'k') return value * 1000;
  return null;
}

/**
 * What somebody typed into a value field, as a storable value in real units, or null if it means nothing.
 * Understands units ("1.2 kHz", "-6 dB", "4:1"), the resistor notation of the trade ("1k2" = 1200), note values
 * at `tempo` (beats per minute) for times ("1/8", "1/8t"), note names for frequencies ("A4"), places on the
 * travel ("35%"), names of choices, on/off. Numbers outside of the range come back clamped to it.
 */
export function parseValue(
  p: ParameterOverlay,
  input: string,
  { tempo }: { tempo: number },
): number | null {
  const text = input
    .trim()
    .toLowerCase()
    .replaceAll('−', '-')
    .replaceAll(',', '.')
    .replace(/\s+/g, '');
  if (text === '') return null;
  if (p.kind === 'switch') {
    if (['on', 'yes', 'true', '1'].includes(text)) return p.max;
    return ['off', 'no', 'false', '0'].includes(text) ? p.min : null;
  }
  if (p.kind === 'choice' && p.choices) {
    const flat = p.choices.map((c) => c.toLowerCase().replace(/\s+/g, ''));
    const exact = flat.indexOf(text);
    const index = exact >= 0 ? exact : flat.findIndex((c) => c.startsWith(text));
    if (index >= 0) return p.min + index;
  }
  if (text === '-inf' || text === `-inf${p.unit.toLowerCase()}` || text === '-∞')
    return p.unit === 'dB' ? p.min : null;
  if (p.unit === 'ms' || p.unit === 's') {
    const ms = noteMilliseconds(text, tempo);
    if (ms !== null) return quantise(p, p.unit === 'ms' ? ms : ms / 1000);
  }
  if (p.unit === 'Hz') {
    const hz = noteHertz(text);
    if (hz !== null) return quantise(p, hz);
  }
  const infix = /^([+-]?\d+)k(\d+)(?:hz)?$/.exec(text);
  if (infix) return quantise(p, Number(`${infix[1]}.${infix[2]}`) * 1000);
  const match = new RegExp(`^(${NUMBER})(.*)$`).exec(text);
  if (!match) return null;
  const value = convert(p, Number(match[1]), match[2] ?? '');
  return value === null || Number.isNaN(value) ? null : quantise(p, value);
}
