import type { ParameterOverlay } from '@mixdown/contract';

/** What a plugin says about one of its parameters when nobody has written an overlay for it. */
export interface RawParameter {
  readonly id: string;
  readonly label?: string | undefined;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly type?: 'float' | 'int' | 'boolean' | 'choice' | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly step?: number | undefined;
  readonly units?: string | undefined;
}

/** A range that no control can show: plugins that declare a switch as a plain float use the type's own limits. */
const ABSURD_RANGE = 1e6;
/** From this ratio of the ends on, equal steps of a frequency would put all of the music into one corner. */
const LOG_RATIO = 10;
const SWITCH_NAME = /^(bypass|enabled?|on|off|mute|active|power)$/;
const FREQUENCY_NAME = /(freq|cutoff|hertz|^hz$)/;

const UNITS: Readonly<Record<string, ParameterOverlay['unit']>> = {
  db: 'dB',
  decibel: 'dB',
  decibels: 'dB',
  hz: 'Hz',
  hertz: 'Hz',
  ms: 'ms',
  milliseconds: 'ms',
  s: 's',
  sec: 's',
  seconds: 's',
  '%': '%',
  percent: '%',
  st: 'st',
  semitones: 'st',
  '°': '°',
  degrees: '°',
};

const segmentsOf = (name: string): string[] => name.split(/[/.]+/).filter(Boolean);

const titleCase = (text: string): string =>
  text
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .trim()
    .replaceAll(/\b\p{Ll}/gu, (letter) => letter.toUpperCase());

/** "/greyhole/feedback" → "Feedback"; a label that somebody has written stays as it is. */
export function inferLabel(raw: Pick<RawParameter, 'id' | 'label'>): string {
  const given = raw.label?.trim();
  const written = given && given !== raw.id && !given.includes('/');
  if (written) return given;
  return titleCase(segmentsOf(given || raw.id).at(-1) ?? raw.id) || raw.id;
}

/** The middle of a path is a group: "/eq/low/gain" → "Low". */
function inferGroup(raw: RawParameter): string {
  const path = segmentsOf(raw.id);
  return path.length > 2 ? titleCase(path.at(-2) ?? '') : 'Parameters';
}

function inferUnit(raw: RawParameter, name: string): ParameterOverlay['unit'] {
  const given = UNITS[raw.units?.trim().toLowerCase() ?? ''];
  if (given !== undefined) return given;
  return FREQUENCY_NAME.test(name) && raw.max > 1000 ? 'Hz' : '';
}

/**
 * An overlay for a parameter that has none, after what its name, type and range give away. Ranges stay the plugin's own,
 * except for switches whose range means nothing.
 */
export function inferOverlay(raw: RawParameter): ParameterOverlay {
  const label = inferLabel(raw);
  const name = (segmentsOf(raw.id).at(-1) ?? raw.id).toLowerCase();
  const absurd = !(Math.abs(raw.min) < ABSURD_RANGE && Math.abs(raw.max) < ABSURD_RANGE);
  const common = { id: raw.id, label, group: inferGroup(raw) };
  if (raw.type === 'boolean' || (absurd && SWITCH_NAME.test(name))) {
    const on = absurd ? 1 : raw.max;
    const off = absurd ? 0 : raw.min;
    const isOn = raw.default >= (on + off) / 2;
    return {
      ...common,
      unit: '',
      kind: 'switch',
      scale: 'linear',
      min: off,
      max: on,
      default: isOn ? on : off,
      step: on - off || 1,
    };
  }
  const min = absurd ? 0 : raw.min;
  const max = absurd ? 1 : raw.max;
  const initial = Math.min(max, Math.max(min, raw.default));
  const limits = { ...common, min, max, default: initial };
  if (raw.choices?.length)
    return {
      ...limits,
      unit: '',
      kind: 'choice',
      scale: 'linear',
      max: min + raw.choices.length - 1,
      default: Math.min(initial, min + raw.choices.length - 1),
      step: 1,
      choices: [...raw.choices],
    };
  const unit = inferUnit(raw, name);
  if (raw.type === 'int')
    return { ...limits, unit, kind: 'integer', scale: 'linear', step: Math.max(1, raw.step ?? 1) };
  const log = unit === 'Hz' && min > 0 && max / min >= LOG_RATIO;
  return {
    ...limits,
    unit,
    kind: 'continuous',
    scale: log ? 'log' : 'linear',
    step: raw.step && raw.step < (max - min) / 2 && !log ? raw.step : null,
  };
}

/** Whether nobody has written anything by hand: every label is its id, and nothing has a unit. */
export const lacksOverlay = (parameters: readonly ParameterOverlay[]): boolean =>
  parameters.length > 0 && parameters.every((p) => p.label === p.id && p.unit === '');

const TYPES = {
  continuous: 'float',
  integer: 'int',
  switch: 'boolean',
  choice: 'choice',
} as const;

/** The overlays to show: the catalog's own, or inferred ones where nobody has written any. */
export const presentable = (
  parameters: readonly ParameterOverlay[],
): readonly ParameterOverlay[] =>
  lacksOverlay(parameters)
    ? parameters.map((p) =>
        inferOverlay({ ...p, type: TYPES[p.kind], step: p.step ?? undefined, units: p.unit }),
      )
    : parameters;
