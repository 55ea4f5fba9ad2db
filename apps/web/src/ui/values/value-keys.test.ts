import { describe, expect, it } from 'vitest';
import { keyLabels } from '../key-labels.ts';
import { isDoublePress } from './double-press.ts';
import { keyAction } from './key-action.ts';
import {
  formatGain,
  formatPan,
  GAIN_SPEC,
  parsePan,
  speakGain,
  speakPan,
  valueSpec,
} from './value-spec.ts';

const gain = valueSpec({ label: 'Gain', unit: 'dB', min: -24, max: 24, default: 0, step: 0.1 });
const press = (key: string, over = {}) => ({
  key,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...over,
});

describe('keys on a slider', () => {
  it.each([
    ['ArrowUp', 0.5],
    ['ArrowRight', 0.5],
    ['ArrowDown', -0.5],
    ['ArrowLeft', -0.5],
    ['PageUp', 4.8],
    ['PageDown', -4.8],
    ['Home', -24],
    ['End', 24],
  ])('%s → %f', (key, value) =>
    expect(keyAction(gain, 0, press(key))).toEqual({ kind: 'set', value }),
  );
  it('is finer with Shift', () =>
    expect(keyAction(gain, 0, press('ArrowUp', { shiftKey: true }))).toEqual({
      kind: 'set',
      value: 0.1,
    }));
  it('moves whole numbers by one', () => {
    const voices = valueSpec({ label: 'Voices', kind: 'integer', min: 1, max: 8, default: 4 });
    expect(keyAction(voices, 4, press('ArrowUp'))).toEqual({ kind: 'set', value: 5 });
  });
  it.each(['Delete', 'Backspace'])('%s resets', (key) =>
    expect(keyAction(gain, 3, press(key))).toEqual({ kind: 'reset' }),
  );
  it.each([
    ['Enter', ''],
    ['7', '7'],
    ['-', '-'],
    ['.', '.'],
  ])('%s starts typing', (key, text) =>
    expect(keyAction(gain, 0, press(key))).toEqual({ kind: 'type', text }),
  );
  it.each([
    press('ArrowUp', { altKey: true }),
    press('1', { ctrlKey: true }),
    press('k', { metaKey: true }),
    press('a'),
    press(' '),
    press('Tab'),
    press('Escape'),
  ])('leaves %j to others', (other) => expect(keyAction(gain, 0, other)).toBeNull());
});

describe('double press', () => {
  const first = { time: 1000, x: 50, y: 50 };
  it.each([
    [{ time: 1300, x: 54, y: 47 }, true],
    [{ time: 1400, x: 50, y: 50 }, false],
    [{ time: 1100, x: 90, y: 50 }, false],
  ])('%j → %s', (second, expected) => expect(isDoublePress(first, second)).toBe(expected));
  it('takes two', () => expect(isDoublePress(null, first)).toBe(false));
});

describe('level and pan in words', () => {
  it('has silence at the bottom', () => {
    expect(formatGain(GAIN_SPEC.min)).toBe('−∞ dB');
    expect(speakGain(GAIN_SPEC.min)).toBe('silent');
    expect(formatGain(-6)).toBe('−6.0 dB');
    expect(formatGain(3)).toBe('+3.0 dB');
    expect(speakGain(-6.5)).toBe('minus 6.5 decibels');
  });
  it.each([
    [-0.3, '30 L', '30 percent left'],
    [1, '100 R', '100 percent right'],
    [0, 'C', 'centre'],
    [-0.001, 'C', 'centre'],
  ])('%f is %s', (pan, shown, spoken) => {
    expect(formatPan(pan)).toBe(shown);
    expect(speakPan(pan)).toBe(spoken);
  });
  it.each([
    ['C', 0],
    ['30 L', -0.3],
    ['l30', -0.3],
    ['R 100 %', 1],
    ['-0.5', -0.5],
    ['−20', -0.2],
    ['500', 1],
    ['', null],
    ['left', null],
  ])('reads %j as %s', (text, pan) => expect(parsePan(text)).toBe(pan));
});

it('prints shortcuts as the machine’s keyboard does', () => {
  expect(keyLabels('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z']);
  expect(keyLabels('Mod+K', false)).toEqual(['Ctrl', 'K']);
  expect(keyLabels('Alt+ArrowUp', false)).toEqual(['Alt', '↑']);
});
