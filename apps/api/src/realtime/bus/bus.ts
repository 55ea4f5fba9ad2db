import type { FrameEntry, Presence } from '@mixdown/contract';

/**
 * What nodes tell each other about a room. Hints and live values only: each may be lost, doubled or late, and whoever
 * needs to be sure asks the authority. Plugins are named by id: handles belong to one connection.
 */
export type BusMessage =
  /** There is something in the log up to `seq`. */
  | { readonly kind: 'ops'; readonly seq: number }
  /** A lock changed; null session = free. */
  | {
      readonly kind: 'lock';
      readonly pluginId: string;
      readonly fence: number;
      readonly session: string | null;
      readonly userId: string | null;
    }
  /** Live values of a tick. */
  | {
      readonly kind: 'frames';
      readonly e: readonly (Omit<FrameEntry, 'h'> & {
        readonly pluginId: string;
        readonly by: string;
        /** The last frame before those in here: shows what was lost on the way. */
        readonly p?: number;
      })[];
    }
  /** A session has said hello at the node that says this: whoever has an older connection of it closes that. */
  | {
      readonly kind: 'hello';
      readonly session: string;
      readonly userId: string;
      /** When, in ms since 1970 by that node's clock: late news of an older connection close no newer one. */
      readonly at: number;
    }
  /** All of a node's people; also its sign of life. */
  | {
      readonly kind: 'presence';
      readonly people: readonly Presence[];
      /** The room has just been opened there: who else is in it? */
      readonly asks?: boolean;
    }
  | {
      readonly kind: 'asked';
      readonly pluginId: string;
      readonly session: string;
      readonly name: string;
    }
  | {
      readonly kind: 'answered';
      readonly pluginId: string;
      readonly session: string;
      readonly allow: boolean;
    }
  /** Persist and forget what you have of this plugin under fences ≤ `fence`: it is about to be taken. */
  | {
      readonly kind: 'flush';
      readonly pluginId: string;
      readonly fence: number;
      readonly ask: string;
    }
  | { readonly kind: 'flushed'; readonly ask: string }
  /** Somebody's standing may have changed. `projectId` '' = everywhere. */
  | { readonly kind: 'access'; readonly userId: string };

export interface Bus {
  publish(projectId: string, message: BusMessage): void;
  /** `from` = id of the node that published. A node does not hear itself. */
  subscribe(projectId: string, hear: (message: BusMessage, from: string) => void): () => void;
  /** Calls back when messages may have been lost, such as after a reconnection. */
  onGap(run: () => void): () => void;
  close(): Promise<void>;
}
