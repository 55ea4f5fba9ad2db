import type { ParameterOverlay } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkParams } from './check-params.ts';
import { formatValue, speakValue } from './format-value.ts';
import { quantise } from './parameters.ts';
import { parseValue } from './parse-value.ts';

const p = (over: Partial<ParameterOverlay>): ParameterOverlay => ({
  id: 'x',
  label: 'X',
  unit: '',
  kind: 'continuous',
  scale: 'linear',
  min: 0,
  max: 1,
  default: 0,
  step: null,
  group: 'Main',
  ...over,
});
const freq = p({
  id: 'freq',
  label: 'Frequency',
  unit: 'Hz',
  scale: 'log',
  min: 20,
  max: 20_000,
  default: 1000,
  step: 0.1,
});
const gain = p({ id: 'gain', label: 'Gain', unit: 'dB', min: -24, max: 24, step: 0.1 });
const time = p({ id: 'time', label: 'Time', unit: 'ms', min: 0, max: 2000, step: 0.01 });
const mode = p({
  id: 'mode',
  label: 'Mode',
  kind: 'choice',
  min: 0,
  max: 2,
  choices: ['Low Pass', 'Band Pass', 'High Pass'],
});
const power = p({ id: 'on', label: 'On', kind: 'switch' });
const at = { tempo: 120 };

describe('what stands under a knob', () => {
  it.each([
    [freq, 1200, '1.20 kHz', '1.2 kilohertz'],
    [freq, 440, '440 Hz', '440 hertz'],
    [gain, -6, '−6.00 dB', 'minus 6 decibels'],
    [gain, 3, '+3.00 dB', '3 decibels'],
    [gain, -0.001, '0.00 dB', '0 decibels'],
    [time, 1500, '1.50 s', '1.5 seconds'],
    [p({ unit: ':1', max: 20 }), 4, '4.00:1', '4 to 1'],
    [mode, 1, 'Band Pass', 'Band Pass'],
    [power, 1, 'On', 'On'],
  ] as const)('%#', (param, value, shown, spoken) => {
    expect(formatValue(param, value)).toBe(shown);
    expect(speakValue(param, value)).toBe(spoken);
  });
});

describe('what people type', () => {
  it.each([
    [freq, '1k2', 1200],
    [freq, '1.2 kHz', 1200],
    [freq, '1,2k', 1200],
    [freq, 'A4', 440],
    [freq, 'c5', 523.3],
    [freq, '50 %', 632.5],
    [freq, '99999999', 20_000],
    [gain, '-6 dB', -6],
    [gain, '−6', -6],
    [gain, '-inf', -24],
    [time, '1/8', 250],
    [time, '1/8t', 166.67],
    [time, '1/4.', 750],
    [time, '0.5 s', 500],
    [time, '35%', 700],
    [mode, 'high', 2],
    [mode, 'Band Pass', 1],
    [mode, '0', 0],
    [power, 'on', 1],
    [power, 'off', 0],
    [p({ unit: ':1', min: 1, max: 20, step: 0.1 }), '4:1', 4],
  ] as const)('%# %s', (param, text, value) => {
    expect(parseValue(param, text, at)).toBeCloseTo(value, 6);
  });
  it.each([
    [freq, ''],
    [freq, 'loud'],
    [gain, '3 apples'],
    [gain, '1/0'],
    [power, 'maybe'],
    [freq, '1e'],
  ] as const)('refuses %#', (param, text) => expect(parseValue(param, text, at)).toBeNull());
  it('reads back what it shows, to the digits shown', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(freq, gain, time),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (param, n) => {
          const value = quantise(param, param.min + n * (param.max - param.min));
          const back = parseValue(param, formatValue(param, value), at);
          expect(back).not.toBeNull();
          expect(Math.abs((back ?? Number.NaN) - value)).toBeLessThanOrEqual(
            Math.max(0.06, Math.abs(value) * 0.006),
          );
        },
      ),
    );
  });
  it('never answers with anything that may not be stored', () => {
    fc.assert(
      fc.property(fc.constantFrom(freq, gain, time, mode, power), fc.string(), (param, text) => {
        const value = parseValue(param, text, at);
        if (value !== null)
          expect(checkParams({ name: 'T', parameters: [param] }, { [param.id]: value })).toBeNull();
      }),
    );
  });
});

describe('checkParams', () => {
  const entry = { name: 'EQ', parameters: [freq, mode] };
  it('accepts values in range', () => expect(checkParams(entry, { freq: 20, mode: 2 })).toBeNull());
  it('names the range of what is outside', () => {
    const refusal = checkParams(entry, { freq: 5 });
    expect(refusal?.code).toBe('parameter_out_of_range');
    expect(refusal?.detail).toContain('20.0 Hz and 20.0 kHz');
    expect(refusal?.errors?.[0]?.pointer).toBe('/params/freq');
  });
  it('names the parameters there are', () => {
    expect(checkParams(entry, { nope: 5 })).toMatchObject({
      code: 'unknown_parameter',
      detail: expect.stringContaining('freq, mode'),
    });
  });
  it.each([Number.NaN, Infinity, 1e30])('refuses %s', (v) =>
    expect(checkParams(entry, { freq: v })).not.toBeNull(),
  );
  it('refuses half a choice', () => expect(checkParams(entry, { mode: 0.5 })).not.toBeNull());
  it('does not take inherited names for parameters', () =>
    expect(checkParams(entry, { constructor: 1 })?.code).toBe('unknown_parameter'));
});
