import type { Catalog, ErrorCode } from '@mixdown/contract';
import { refuse } from '@mixdown/contract';
import type { Tx } from '../db/in-transaction.ts';

/** Who edits which project, in which transaction. Every edit locks the project first, so edits follow one another. */
export interface Editor {
  readonly tx: Tx;
  readonly projectId: string;
  readonly userId: string;
  readonly catalog: Catalog;
  /** By which a repeated edit is known: it is done once, and answered again. */
  readonly opId?: string | undefined;
  /** The tab that edits. Where it is known, another tab of the same account is somebody else as well. */
  readonly session?: string | undefined;
  /** The fence under which a held plugin is changed; any other refuses with `stale_fence`. */
  readonly fence?: number | undefined;
}

/** Refuses a position that is not one of 0 … `last`. */
export function checkPosition(position: number, last: number, of: 'chain' | 'project'): void {
  if (position >= 0 && position <= last) return;
  const where = of === 'chain' ? 'the chain' : 'the project';
  throw refuse(
    'position_out_of_range',
    `Position ${position} is outside of ${where}; it takes 0 to ${last}.`,
    { errors: [{ pointer: '/position', detail: `must be 0 to ${last}` }] },
  );
}

export function orRefuse<T>(found: T | null, code: ErrorCode, detail: string): T {
  if (found === null) throw refuse(code, detail);
  return found;
}
