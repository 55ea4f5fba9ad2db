import { expect, it } from 'vitest';
import { halves } from './waveform.tsx';

it('takes the upper half from the maxima and the lower one from the minima', () => {
  const [top, bottom] = halves({ values: Int8Array.of(-127, 64, 10, 127, -20, -5) });
  expect([...top].map((x) => Math.round(x * 127))).toEqual([64, 127, 0]);
  expect([...bottom].map((x) => Math.round(x * 127))).toEqual([-127, 0, -20]);
});
