import { applyEdit } from './edits/apply.ts';
import { needsHold, targetExists } from './edits/targets.ts';
import { type History, reverseStep, type Step } from './history.ts';
import type { ProjectState } from './project-state.ts';

export interface UndoRedoDeps {
  readonly history: History;
  visible(): ProjectState;
  /** Makes the step's edits, and returns what was done in words. */
  replay(step: Step): string;
  /** Who keeps us from changing a plugin, in words; null = nobody. */
  heldBy(pluginId: string): string | null;
}

/** One's own steps back and forth, in a project that others change meanwhile. */
export function createUndoRedo(deps: UndoRedoDeps) {
  const { history } = deps;

  /** The edits of `step` that still have something to act on, each seen from the state after those before it. */
  function standing(step: Step): Step {
    let state = deps.visible();
    const edits = step.edits.filter((edit) => {
      const there = targetExists(state, edit);
      if (there) state = applyEdit(state, edit);
      return there;
    });
    return { label: step.label, edits };
  }

  const holderFor = (step: Step): string | null =>
    step.edits.flatMap(needsHold).reduce<string | null>((who, id) => who ?? deps.heldBy(id), null);

  return {
    /** The last step that still means something; null where there is none, or somebody else holds what it needs. */
    step(side: 'undo' | 'redo'): string | null {
      for (let next = history.peek(side); next; next = history.peek(side)) {
        const doable = standing(next);
        if (doable.edits.length === 0) {
          history.skip(side);
          continue;
        }
        if (holderFor(doable)) return null;
        history[side](() => reverseStep(deps.visible(), doable));
        return deps.replay(doable);
      }
      return null;
    },
    /** One step out of order, if it has not been undone in another way. */
    single: (step: Step): string | null =>
      history.drop(step) ? deps.replay(standing(step)) : null,
    blocked(side: 'undo' | 'redo'): { readonly label: string; readonly why: string } | null {
      const next = history.peek(side);
      const why = next && holderFor(standing(next));
      return next && why ? { label: next.label, why } : null;
    },
  };
}
