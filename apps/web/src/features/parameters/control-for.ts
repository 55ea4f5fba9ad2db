import type { ParameterOverlay } from '@mixdown/contract';

export type ControlKind = 'knob' | 'toggle' | 'segmented' | 'select' | 'stepper';

/** More choices than this do not fit side by side. */
const MAX_SEGMENTS = 4;
/** A longer way than this is tedious by single steps. */
const MAX_STEPS = 12;

export function controlFor(p: ParameterOverlay): ControlKind {
  switch (p.kind) {
    case 'switch':
      return 'toggle';
    case 'choice':
      return p.max - p.min + 1 <= MAX_SEGMENTS ? 'segmented' : 'select';
    case 'integer':
      return p.max - p.min <= MAX_STEPS ? 'stepper' : 'knob';
    case 'continuous':
      return 'knob';
  }
}

/** Values and labels of a choice. */
export const choiceOptions = (p: ParameterOverlay): Array<{ value: number; label: string }> =>
  Array.from({ length: Math.round(p.max - p.min) + 1 }, (_, at) => ({
    value: p.min + at,
    label: p.choices?.[at] ?? String(p.min + at),
  }));
