import type { Edit } from '../edits/edit.ts';
import { targetExists } from '../edits/targets.ts';
import type { ProjectState } from '../project-state.ts';

interface Awaited {
  readonly edit: Edit;
  readonly seq: number | null;
}

const isRemoval = (edit: Edit): boolean => edit.kind.endsWith('.remove');

/**
 * Edits that the server has done and whose operations have not come yet: they stay on the screen until the durable
 * state has reached their seq. A removal of what was gone already has no seq: it waits until the thing is gone here too.
 */
export function createAwaited() {
  let waiting: Awaited[] = [];
  const open = (base: ProjectState) => (entry: Awaited) =>
    entry.seq === null
      ? isRemoval(entry.edit) && targetExists(base, entry.edit)
      : entry.seq > base.project.seq;
  return {
    /** False: the durable state has it already. */
    add(edit: Edit, seq: number | null, base: ProjectState): boolean {
      const entry = { edit, seq };
      if (!open(base)(entry)) return false;
      waiting = [...waiting, entry].sort(
        (a, b) => (a.seq ?? Number.POSITIVE_INFINITY) - (b.seq ?? Number.POSITIVE_INFINITY),
      );
      return true;
    },
    edits: (): readonly Edit[] => waiting.map(({ edit }) => edit),
    /** Lets go of what `base` has by now. */
    drop(base: ProjectState): void {
      waiting = waiting.filter(open(base));
    },
    takeAll(): readonly Edit[] {
      const all = waiting.map(({ edit }) => edit);
      waiting = [];
      return all;
    },
  };
}
