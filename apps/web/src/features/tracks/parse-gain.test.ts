import { describe, expect, it } from 'vitest';
import { formatGain } from '../../ui/values/value-spec.ts';
import { parseGain } from './parse-gain.ts';

describe('typed levels', () => {
  it.each([
    ['-6', -6],
    ['−6 dB', -6],
    ['+3.25', 3.3],
    ['99', 12],
    ['-inf', -60],
    ['−∞ dB', -60],
    ['off', -60],
    ['loud', null],
    ['', null],
  ])('%j is %j', (text, value) => {
    expect(parseGain(text)).toBe(value);
  });

  it('reads back what the fader shows', () => {
    for (const value of [-60, -59.9, -6.1, 0, 3, 12])
      expect(parseGain(formatGain(value))).toBe(value);
  });
});
