import { parseValue } from '@mixdown/core';
import { GAIN_SPEC } from '../../ui/values/value-spec.ts';

/** A typed level in dB: "-6", "−6 dB", "+3"; "-inf", "−∞" and "off" are the fader's bottom. Null if it means nothing. */
export function parseGain(text: string): number | null {
  const plain = text.trim().toLowerCase().replaceAll('−', '-');
  if (/^(-\s*(inf(inity)?|∞)(\s*db)?|off|silent)$/.test(plain)) return GAIN_SPEC.min;
  return parseValue(GAIN_SPEC, text, { tempo: 120 });
}
