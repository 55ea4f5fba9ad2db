import type { Focus } from '@mixdown/contract';
import { useUi } from '../stores/ui-store.ts';

/** Where one looks changes with every click; the others need not know it any faster, in ms. */
const LOOK_MS = 250;

/** Tells the room where one looks, now and whenever the selection changes. Returns what ends it. */
export function followSelection(
  look: (focus: Focus) => void,
  setTimer: (run: () => void, ms: number) => () => void,
): () => void {
  let cancel: (() => void) | null = null;
  let last = '';
  const send = () => {
    cancel = null;
    const { selectedTrackId, selectedPluginId } = useUi.getState();
    const key = `${selectedTrackId} ${selectedPluginId}`;
    if (key === last) return;
    last = key;
    look({ trackId: selectedTrackId, pluginId: selectedPluginId, paramId: null });
  };
  send();
  const unsubscribe = useUi.subscribe(() => {
    cancel ??= setTimer(send, LOOK_MS);
  });
  return () => {
    cancel?.();
    unsubscribe();
  };
}
