import { nudge, quantise } from '@mixdown/core';
import type { ValueSpec } from './value-spec.ts';

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** What a key does to a value: a new value, the default, or the start of typing with `text`. */
export type KeyAction =
  | { readonly kind: 'set'; readonly value: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'type'; readonly text: string };

const DIRECTIONS: Readonly<Record<string, 1 | -1>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
};

/** The ARIA Authoring Practices' slider keys, and those of the trade; null = none of ours. */
export function keyAction(spec: ValueSpec, value: number, press: KeyPress): KeyAction | null {
  if (press.altKey || press.ctrlKey || press.metaKey) return null;
  const { key } = press;
  const direction = DIRECTIONS[key];
  if (direction)
    return { kind: 'set', value: nudge(spec, value, direction, press.shiftKey ? 'fine' : 'step') };
  switch (key) {
    case 'PageUp':
      return { kind: 'set', value: nudge(spec, value, 1, 'page') };
    case 'PageDown':
      return { kind: 'set', value: nudge(spec, value, -1, 'page') };
    case 'Home':
      return { kind: 'set', value: quantise(spec, spec.min) };
    case 'End':
      return { kind: 'set', value: quantise(spec, spec.max) };
    case 'Delete':
    case 'Backspace':
      return { kind: 'reset' };
    case 'Enter':
      return { kind: 'type', text: '' };
    default:
      return /^[0-9.,+−-]$/.test(key) ? { kind: 'type', text: key } : null;
  }
}
