import type { ParameterOverlay } from '@mixdown/contract';

type Common = Pick<ParameterOverlay, 'id' | 'label' | 'group' | 'default'>;
type Ranged = Common & Pick<ParameterOverlay, 'min' | 'max'> & { step?: number | null };

const continuous = (unit: ParameterOverlay['unit'], scale: ParameterOverlay['scale']) => {
  return ({ step = null, ...p }: Ranged): ParameterOverlay => ({
    ...p,
    unit,
    kind: 'continuous',
    scale,
    step,
  });
};

/** Level or gain, in tenths of a decibel. */
export const decibels = ({ step = 0.1, ...p }: Ranged) =>
  continuous('dB', 'linear')({ ...p, step });
/** Frequency; equal travel per octave. */
export const hertz = continuous('Hz', 'log');
/** Time above zero; equal travel per doubling. */
export const milliseconds = continuous('ms', 'log');
/** Time that may be zero; more travel at the short end. */
export const millisecondsFromZero = continuous('ms', 'power');
export const seconds = continuous('s', 'log');
export const percent = ({ step = 1, ...p }: Ranged) => continuous('%', 'linear')({ ...p, step });
export const degrees = ({ step = 1, ...p }: Ranged) => continuous('°', 'linear')({ ...p, step });
export const ratio = continuous(':1', 'log');
export const quality = continuous('Q', 'log');

/** Off (0) or on (1). */
export const toggle = (p: Common): ParameterOverlay => ({
  ...p,
  unit: '',
  kind: 'switch',
  scale: 'linear',
  min: 0,
  max: 1,
  step: 1,
});

/** One of a few; the value is the index. */
export const choice = ({ choices, ...p }: Common & { choices: string[] }): ParameterOverlay => ({
  ...p,
  unit: '',
  kind: 'choice',
  scale: 'linear',
  min: 0,
  max: choices.length - 1,
  step: 1,
  choices,
});
