import { applyEdit } from './edits/apply.ts';
import type { Edit } from './edits/edit.ts';
import type { ProjectState } from './project-state.ts';

/**
 * What the server has confirmed (base) and what stands on the screen (visible = base + every edit on its way). A
 * refused edit is taken back by computing the visible state anew without it, so later edits survive.
 */
export function createDocument(initial: ProjectState) {
  let base = initial;
  let visible = initial;
  return {
    visible: () => visible,
    base: () => base,
    perform(edit: Edit): ProjectState {
      visible = applyEdit(visible, edit);
      return visible;
    },
    confirm(edit: Edit): void {
      base = applyEdit(base, edit);
    },
    /** `pending`: the edits that are still on their way, without the refused one. */
    refuse(pending: readonly Edit[]): ProjectState {
      visible = pending.reduce(applyEdit, base);
      return visible;
    },
    /** Assets come to be on the server alone, by an upload. */
    addAsset(asset: ProjectState['assets'][string]): ProjectState {
      base = { ...base, assets: { ...base.assets, [asset.id]: asset } };
      visible = { ...visible, assets: { ...visible.assets, [asset.id]: asset } };
      return visible;
    },
    /** A newer state from the server. */
    rebase(next: ProjectState): ProjectState {
      base = next;
      visible = next;
      return visible;
    },
  };
}
export type ProjectDocument = ReturnType<typeof createDocument>;
