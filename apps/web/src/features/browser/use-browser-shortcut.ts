import { useEffect } from 'react';
import { openBrowser, useCanEdit } from '../../session/index.ts';

/** Ctrl/⌘-K opens the browser from anywhere, also out of a text field. */
export function useBrowserShortcut(): void {
  const canEdit = useCanEdit();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isOurs = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!isOurs || event.altKey || event.shiftKey) return;
      // Browsers put the cursor into their own search field.
      event.preventDefault();
      if (
        !canEdit ||
        event.repeat ||
        document.querySelector('[aria-modal="true"], [role="alertdialog"]')
      )
        return;
      openBrowser(null);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [canEdit]);
}
