import { applyEdit } from './edits/apply.ts';
import type { Edit } from './edits/edit.ts';
import { invertEdit } from './edits/invert.ts';
import type { ProjectState } from './project-state.ts';

/** The value that a `set` edit changes, as a key: one drag is all edits of one key from press to release. */
function keyOf(edit: Edit): string {
  switch (edit.kind) {
    case 'plugin.set': {
      const fields = Object.keys({ ...edit.patch, ...edit.patch.params }).join();
      return `${edit.pluginId}:${fields}`;
    }
    case 'track.set':
      return `${edit.trackId}:${Object.keys(edit.patch).join()}`;
    case 'clip.set':
      return edit.clipId;
    default:
      return edit.kind;
  }
}

/** Remembers how things stood when a hand took hold of a value, so that a whole drag is one step to undo. */
export function createGestures() {
  const started = new Map<string, { readonly inverse: Edit; readonly latest: Edit }>();
  return {
    /** Called for each value of a drag, with the state before it. Returns what undoes the drag, once it is final. */
    track(state: ProjectState, edit: Edit, final: boolean): Edit | null {
      const key = keyOf(edit);
      const inverse = started.get(key)?.inverse ?? invertEdit(state, edit);
      if (!inverse) return null;
      if (!final) {
        started.set(key, { inverse, latest: edit });
        return null;
      }
      started.delete(key);
      const after = applyEdit(state, edit);
      const forth = invertEdit(after, inverse);
      // A value that came back to where it was leaves nothing to undo.
      return JSON.stringify(forth) === JSON.stringify(inverse) ? null : inverse;
    },
    active: () => started.size > 0,
    /** The latest value of each drag: it must not jump under the hand, whatever arrives meanwhile. */
    held: (): readonly Edit[] => [...started.values()].map(({ latest }) => latest),
    /** Ends the drags that `which` names without a step to undo. */
    drop(which: (edit: Edit) => boolean): void {
      for (const [key, { latest }] of started) if (which(latest)) started.delete(key);
    },
    clear: () => started.clear(),
  };
}
export type Gestures = ReturnType<typeof createGestures>;
