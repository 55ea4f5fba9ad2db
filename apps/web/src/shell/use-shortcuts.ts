import { useEffect } from 'react';
import { useCanEdit } from '../session/index.ts';
import { belongsToTarget, matches, pressableAt } from './match-shortcut.ts';
import { EDITING, SHORTCUTS } from './shortcuts.ts';

/** The keys that work everywhere on the workstation's page. */
export function useShortcuts(): void {
  const canEdit = useCanEdit();
  useEffect(() => {
    // `:focus-visible` would tell the same, but browsers switch it on with the very key that is asked about.
    let clicked: Element | null = null;
    const onPointerDown = (event: PointerEvent) => {
      clicked = pressableAt(event.target);
    };
    const onFocus = (event: FocusEvent) => {
      if (pressableAt(event.target) !== clicked) clicked = null;
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || belongsToTarget(event.target, event.key, clicked)) return;
      const redoOnWindows = matches('Mod+Y', event);
      const shortcut = SHORTCUTS.find(
        ({ keys }) => matches(keys, event) || (redoOnWindows && keys === 'Mod+Shift+Z'),
      );
      if (!shortcut || (!canEdit && EDITING.has(shortcut.keys))) return;
      event.preventDefault();
      if (event.repeat && shortcut.group !== 'View') return;
      // Firefox would press a clicked button when the space bar comes up again.
      if (event.key === ' ' && event.target instanceof HTMLButtonElement) event.target.blur();
      shortcut.run();
    };
    const stop = new AbortController();
    const capture = { capture: true, signal: stop.signal };
    window.addEventListener('pointerdown', onPointerDown, capture);
    window.addEventListener('focusin', onFocus, capture);
    window.addEventListener('keydown', onKeyDown, stop);
    return () => stop.abort();
  }, [canEdit]);
}
