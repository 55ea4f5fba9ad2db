import { useEffect, useRef } from 'react';
import { closeBrowser, useUi } from '../../session/index.ts';
import { DialogFrame } from '../../ui/dialog.tsx';
import { slotElementId } from '../chain/focus-slot.ts';
import styles from './browser.module.css';
import { BrowserPanel } from './browser-panel.tsx';
import { useBrowserShortcut } from './use-browser-shortcut.ts';

/** The list of all effects, as a palette over the page; stands once on a project's page. */
export function PluginBrowser() {
  const open = useUi((s) => s.browserOpen);
  const selectedBefore = useRef<string | null>(null);
  useBrowserShortcut();
  useEffect(() => {
    if (open) selectedBefore.current = useUi.getState().selectedPluginId;
  }, [open]);

  /** Whoever has added something goes on with it; otherwise the focus returns to where it came from. */
  const finalFocus = (): HTMLElement | true => {
    const { selectedPluginId: selected } = useUi.getState();
    if (selected === null || selected === selectedBefore.current) return true;
    return document.getElementById(slotElementId(selected)) ?? true;
  };

  return (
    <DialogFrame
      open={open}
      onOpenChange={(next) => !next && closeBrowser()}
      place="top"
      label="Add an effect"
      size="lg"
      className={styles.frame}
      finalFocus={finalFocus}
      testId="plugin-browser"
    >
      <BrowserPanel />
    </DialogFrame>
  );
}
