interface Keystroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Signs that need Shift on some keyboards and not on others. */
const SIGNS = new Set(['?', 'Plus', '-']);
/** `+` joins the parts of a shortcut, so the sign itself has a name; `=` is its key without Shift on most keyboards. */
const PLUS = new Set(['+', '=']);

/** Whether a keystroke is the shortcut `keys`, such as `Mod+Shift+Z` or `?`. */
export function matches(keys: string, event: Keystroke): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const wants = (modifier: string) => parts.includes(modifier) && key !== modifier;
  if (wants('Mod') !== (event.ctrlKey || event.metaKey) || event.altKey) return false;
  if (!SIGNS.has(key) && wants('Shift') !== event.shiftKey) return false;
  if (key === 'Plus') return PLUS.has(event.key);
  return event.key.toLowerCase() === key.toLowerCase();
}

const PRESSABLE = 'button, a, summary, [role="button"], [role="switch"], [role="radio"]';
const OVERLAYS =
  '[role="dialog"][aria-modal="true"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** What the space bar would press at `target`. */
export const pressableAt = (target: EventTarget | null): Element | null =>
  target instanceof Element ? target.closest(PRESSABLE) : null;

/**
 * Whether what has the focus needs this key for itself. Space presses the button that the keyboard has reached; one
 * that was merely clicked (`clicked`) gives it up to the transport.
 */
export function belongsToTarget(
  target: EventTarget | null,
  key: string,
  clicked: Element | null,
): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('input, textarea, select')) return true;
  // A dialog or a menu that is open has the keyboard.
  if (target.closest(OVERLAYS)) return true;
  const pressable = pressableAt(target);
  return key === ' ' && pressable !== null && pressable !== clicked;
}
