import type { Operation } from '@mixdown/contract';
import type { Authority } from './authority.ts';

/** Operations that are kept for those who come in just now. */
const RECENT = 256;
const PAGE = 500;

export interface RoomLogDeps {
  readonly projectId: string;
  readonly authority: Pick<Authority, 'operations'>;
  readonly seq: number;
  /** Each operation once, in order. */
  deliver(operation: Operation): void;
  /** The log does not reach back to where this node is. */
  lost(): void;
  /** Whether something of our own is on its way into the log: we shall hear of that without reading. */
  writing(): boolean;
}

/** A node's place in a project's log. */
export function createRoomLog(deps: RoomLogDeps) {
  let seq = deps.seq;
  let recent: Operation[] = [];
  /** As far as there is something, by hearsay. */
  let target = seq;
  let reading: Promise<void> | null = null;
  let again = false;

  function apply(operation: Operation): void {
    if (operation.seq !== seq + 1) return;
    seq = operation.seq;
    recent.push(operation);
    if (recent.length > RECENT * 2) recent = recent.slice(-RECENT);
    deps.deliver(operation);
  }

  async function readOnce(): Promise<void> {
    do {
      again = false;
      const operations = await deps.authority.operations(deps.projectId, seq, PAGE);
      if (operations === null) {
        deps.lost();
        return;
      }
      for (const operation of operations) apply(operation);
      if (operations.length === PAGE) again = true;
    } while (again);
    target = seq;
  }

  /** Catches up. Rejects if the authority cannot be asked. */
  function read(): Promise<void> {
    if (reading) {
      again = true;
      return reading;
    }
    reading = readOnce().finally(() => {
      reading = null;
    });
    return reading;
  }
  const readQuietly = () => void read().catch(() => {});

  function settle(): void {
    if (target > seq && !deps.writing()) readQuietly();
  }

  return {
    seq: () => seq,
    read,
    readQuietly,
    /** There is something up to `to`. */
    hint(to: number): void {
      target = Math.max(target, to);
      settle();
    },
    /** An operation of our own has been written. */
    logged(operation: Operation): void {
      apply(operation);
      target = Math.max(target, operation.seq);
      settle();
    },
    /** What comes after `after`; null where that is not known here any more. */
    since(after: number): readonly Operation[] | null {
      if (after === seq) return [];
      const first = recent[0]?.seq;
      if (first === undefined || after > seq || after < first - 1) return null;
      return recent.slice(after - first + 1);
    },
  };
}
export type RoomLog = ReturnType<typeof createRoomLog>;
