import { applyEdit } from './edits/apply.ts';
import type { Edit } from './edits/edit.ts';
import { invertEdit } from './edits/invert.ts';
import type { ProjectState } from './project-state.ts';

/** One thing that somebody did: a whole drag, an added plugin, a deleted track. */
export interface Step {
  readonly label: string;
  /** What brings the state from after the step to before it (on the undo side), in the order of application. */
  readonly edits: readonly Edit[];
}

/** Older steps than this are forgotten. */
const MAX_STEPS = 200;

/** `step` turned round, as seen from `state`: applying the result after `step.edits` gives `state` again. */
export function reverseStep(state: ProjectState, step: Step): Step {
  const edits: Edit[] = [];
  let current = state;
  for (const edit of step.edits) {
    const inverse = invertEdit(current, edit);
    if (inverse) edits.unshift(inverse);
    current = applyEdit(current, edit);
  }
  return { label: step.label, edits };
}

/** Undo and redo of one's own steps. A new step forgets what could have been redone. */
export function createHistory() {
  let past: Step[] = [];
  let future: Step[] = [];
  return {
    push(step: Step): void {
      past = [...past, step].slice(-MAX_STEPS);
      future = [];
    },
    /** The step to undo next, moved to the redo side as `reverse` says; null where there is none. */
    undo(reverse: (step: Step) => Step): Step | null {
      const step = past.at(-1);
      if (!step) return null;
      past = past.slice(0, -1);
      future = [...future, reverse(step)];
      return step;
    },
    redo(reverse: (step: Step) => Step): Step | null {
      const step = future.at(-1);
      if (!step) return null;
      future = future.slice(0, -1);
      past = [...past, reverse(step)];
      return step;
    },
    /** The step that `undo` or `redo` would make next. */
    peek: (side: 'undo' | 'redo'): Step | null => (side === 'undo' ? past : future).at(-1) ?? null,
    /** Forgets that step: what it was about is gone. */
    skip(side: 'undo' | 'redo'): void {
      if (side === 'undo') past = past.slice(0, -1);
      else future = future.slice(0, -1);
    },
    /** Forgets the latest step to undo that `which` names: it never came about. */
    retract(which: (edit: Edit) => boolean): void {
      const last = past.findLast((step) => step.edits.some(which));
      past = past.filter((step) => step !== last);
    },
    /** Takes out steps that can no longer be made, such as the reverse of an edit that the server refused. */
    forget(gone: (edit: Edit) => boolean): void {
      past = past.filter((step) => !step.edits.some(gone));
      future = future.filter((step) => !step.edits.some(gone));
    },
    /** Takes out one step of the undo side, which something else has undone (a toast's "Undo"). */
    drop(step: Step): boolean {
      const had = past.includes(step);
      past = past.filter((other) => other !== step);
      return had;
    },
    labels: () => ({ undo: past.at(-1)?.label ?? null, redo: future.at(-1)?.label ?? null }),
  };
}
export type History = ReturnType<typeof createHistory>;
