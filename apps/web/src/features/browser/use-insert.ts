import type { CatalogEntry } from '@mixdown/contract';
import {
  actions,
  closeBrowser,
  openBrowser,
  pluginName,
  useProject,
  useUi,
} from '../../session/index.ts';
import { type InsertTarget, resolveTarget } from './resolve-target.ts';

/** Where a chosen effect goes, and what puts it there. `stay` leaves the browser open for the next one. */
export function useInsert(): {
  readonly target: InsertTarget | null;
  insert(entry: CatalogEntry, o: { readonly stay: boolean }): void;
} {
  const state = useProject((s) => s);
  const asked = useUi((s) => s.browserTarget);
  const selectedTrackId = useUi((s) => s.selectedTrackId);
  const selectedPluginId = useUi((s) => s.selectedPluginId);
  const target = resolveTarget({
    state,
    target: asked,
    selectedTrackId,
    selectedPluginId,
    nameOf: pluginName,
  });
  return {
    target,
    insert(entry, { stay }) {
      if (!target || target.full) return;
      const { trackId, position, replaces } = target;
      const added = replaces
        ? actions.replacePlugin(replaces, entry.id)
        : actions.addPlugin({ trackId, catalogId: entry.id, position });
      if (added === null) return;
      // The next one goes behind this one, which is selected now.
      if (stay) openBrowser(null);
      else closeBrowser();
    },
  };
}
