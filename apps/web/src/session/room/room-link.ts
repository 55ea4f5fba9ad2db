import {
  type Operation,
  type OperationRequest,
  type ParamValues,
  type ProjectSnapshot,
  RefusedError,
} from '@mixdown/contract';
import { type EndReason, type Room, RoomNotLive, type RoomStatus } from '@mixdown/core/room/room';
import type { RequestBody } from '../edits/requests-of.ts';
import type { RoomEnd, RoomMode } from './room-store.ts';

/** So long without a live room while HTTP works: the socket is blocked on the way, and one works alone. */
export const ALONE_AFTER_MS = 6000;
/** Alone, the project is read again this often. */
const POLL_MS = 4000;

/** Values of ours that the room could not bring to the server. */
export type Unsent = Iterable<{ readonly pluginId: string; readonly params: ParamValues }>;

const isGone = (error: unknown): boolean =>
  error instanceof RefusedError &&
  (error.refusal.code === 'not_found' || error.refusal.code === 'forbidden');

/** What the open project hears of its room. */
export interface Follower {
  operation(op: Operation): void;
  replace(snapshot: ProjectSnapshot): void;
  follow(): void;
  unfollow(unsent: Unsent): void;
}

export interface RoomLinkDeps {
  /** A room that starts at `seq`; −1 asks for a snapshot. It calls back `status`, `operation` and `snapshot` below. */
  createRoom(seq: number): Room;
  /** Reads the project over HTTP; null while the server cannot be reached, rejects with its refusal. */
  read(): Promise<ProjectSnapshot | null>;
  /** Takes over what others have done meanwhile, without a room; false = the project is not ours to read any more. */
  catchUp(): Promise<boolean>;
  onMode(mode: RoomMode, ended: RoomEnd | null): void;
  /** Whether one belongs to the project as a client, who has nothing to do in its room. */
  isClient(): Promise<boolean>;
  /** A new token, where there is one; false = nobody is signed in any more. */
  renew(): Promise<boolean>;
  setTimer(run: () => void, ms: number): () => void;
}

/**
 * Keeps an open project in touch: by its room while there is one, by HTTP alone where sockets do not get through, and
 * by the room again as soon as it lives, which then starts from a snapshot, since HTTP's answers may have overtaken it.
 */
export function createRoomLink(deps: RoomLinkDeps, startSeq: number) {
  let room: Room | null = null;
  let follower: Follower | null = null;
  let mode: RoomMode = 'off';
  let following = false;
  let renewed = false;
  let closed = false;
  let cancelWait: (() => void) | null = null;
  let cancelPoll: (() => void) | null = null;

  const setMode = (next: RoomMode, ended: RoomEnd | null = null) => {
    mode = next;
    deps.onMode(next, ended);
  };
  const stopTimers = () => {
    cancelWait?.();
    cancelPoll?.();
    cancelWait = null;
    cancelPoll = null;
  };
  const waitForRoom = () => {
    cancelWait ??= deps.setTimer(() => {
      cancelWait = null;
      void goAlone();
    }, ALONE_AFTER_MS);
  };
  const poll = () => {
    const look = async () => {
      const readable = await deps.catchUp();
      if (closed || following) return;
      if (readable) poll();
      else await removed();
    };
    cancelPoll = deps.setTimer(() => void look(), POLL_MS);
  };

  async function removed(): Promise<void> {
    stopTimers();
    room?.close();
    const client = await deps.isClient();
    if (!closed) setMode('ended', client ? 'demoted' : 'forbidden');
  }

  async function goAlone(): Promise<void> {
    const snapshot = await deps.read().catch((error: unknown) => (isGone(error) ? 'gone' : null));
    if (closed || room?.status() === 'live' || mode === 'ended' || mode === 'alone') return;
    if (snapshot === 'gone') return removed();
    if (!snapshot) {
      waitForRoom();
      return;
    }
    const unsent = room?.takeUnsent() ?? [];
    room?.close();
    following = false;
    setMode('alone');
    follower?.unfollow(unsent);
    room = deps.createRoom(-1);
    room.connect();
    void deps.catchUp();
    poll();
  }

  async function ended(reason: EndReason): Promise<void> {
    stopTimers();
    if (reason === 'token_invalid' && !renewed) {
      renewed = true;
      if (await deps.renew()) {
        room?.connect();
        return;
      }
    }
    if (reason === 'forbidden') await removed();
    else if (!closed) setMode('ended', reason);
  }

  const live = () => room?.status() === 'live';

  return {
    start(next: Follower): void {
      follower = next;
      following = true;
      setMode('connecting');
      room = deps.createRoom(startSeq);
      room.connect();
      waitForRoom();
    },
    room: () => room,
    live,
    following: () => following,
    status(status: RoomStatus, reason?: EndReason): void {
      if (closed) return;
      if (status === 'ended') void ended(reason ?? 'forbidden');
      else if (status === 'live') {
        stopTimers();
        renewed = false;
        following = true;
        setMode('live');
        follower?.follow();
      } else if (mode !== 'alone') {
        setMode(status);
        waitForRoom();
      }
    },
    operation: (op: Operation) => follower?.operation(op),
    snapshot(snapshot: ProjectSnapshot): void {
      following = true;
      follower?.replace(snapshot);
    },
    /** Over the socket; null where that cannot be, and HTTP has to do it. */
    async perform(request: RequestBody, opId: string): Promise<number | null> {
      // A plugin's opaque state may be larger than a message.
      const state = request.kind === 'plugin.update' && request.payload.state !== undefined;
      if (!room || !live() || state) return null;
      try {
        return (await room.perform({ opId, ...request } as OperationRequest)).seq;
      } catch (error) {
        if (error instanceof RoomNotLive) return null;
        throw error;
      }
    },
    /** The network is back, the page is in front again, or somebody has signed in. */
    retry(): void {
      if (mode === 'off') return;
      if (mode === 'ended') setMode('connecting');
      room?.connect();
      if (mode !== 'live' && mode !== 'alone') waitForRoom();
    },
    /** The page is out of sight, perhaps for good: the hand is off, and what cannot go by the room has to go by HTTP. */
    hide(): Unsent {
      if (!live()) return room?.takeUnsent() ?? [];
      room?.flush();
      return [];
    },
    /** The page goes away: what the room cannot bring to the server any more. */
    leave(): Unsent {
      if (!room) return [];
      const unsent = live() ? [] : room.takeUnsent();
      if (live()) room.leave();
      return unsent;
    },
    close(): void {
      closed = true;
      stopTimers();
      room?.close();
      room = null;
    },
  };
}
export type RoomLink = ReturnType<typeof createRoomLink>;
