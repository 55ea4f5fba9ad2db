import { expect, it } from 'vitest';
import { transportKey } from './transport-keys.ts';

const press = (key: string, more = {}) =>
  transportKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

it.each([
  [' ', { do: 'toggle' }],
  ['ArrowLeft', { do: 'seek', by: -5 }],
  ['PageUp', { do: 'seek', by: 30 }],
  ['Home', { do: 'start' }],
  ['End', { do: 'end' }],
  ['ArrowDown', { do: 'volume', by: -0.05 }],
  ['x', { do: 'next' }],
  ['2', { do: 'hear', index: 1 }],
  ['0', null],
  ['q', null],
])('the key %j', (key, expected) => {
  expect(press(key)).toEqual(expected);
});

it('leaves the browser its own shortcuts, and goes further with Shift', () => {
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey'])
    expect(press('ArrowLeft', { [modifier]: true })).toBeNull();
  expect(press('ArrowRight', { shiftKey: true })).toEqual({ do: 'seek', by: 30 });
});
