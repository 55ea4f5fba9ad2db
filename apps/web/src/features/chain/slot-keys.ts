import type { KeyPress } from '../../ui/values/key-action.ts';

/** What a key does to the slot that has the focus (the slot itself, not a control inside of it). */
export type SlotKey =
  | { readonly kind: 'move'; readonly by: 1 | -1 }
  | { readonly kind: 'focus'; readonly by: 1 | -1 }
  | { readonly kind: 'remove' }
  | { readonly kind: 'bypass' }
  | { readonly kind: 'collapse' };

const DIRECTIONS: Readonly<Record<string, 1 | -1>> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
};

/** Alt+arrow moves, arrow walks, Delete removes, 0 switches on and off, Enter folds; null = not ours. */
export function slotKey(press: KeyPress): SlotKey | null {
  if (press.ctrlKey || press.metaKey || press.shiftKey) return null;
  const by = DIRECTIONS[press.key];
  if (by) return { kind: press.altKey ? 'move' : 'focus', by };
  if (press.altKey) return null;
  switch (press.key) {
    case 'Delete':
    case 'Backspace':
      return { kind: 'remove' };
    case '0':
      return { kind: 'bypass' };
    case 'Enter':
      return { kind: 'collapse' };
    default:
      return null;
  }
}
