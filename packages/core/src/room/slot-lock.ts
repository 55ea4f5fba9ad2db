import type { ClientMessage } from '@mixdown/contract';
import type { Clock } from '../clock.ts';
import type { RoomLock } from './room.ts';

/** A lock without edits for so long goes back. */
const IDLE_RELEASE_MS = 60_000;
/** A gateway that has not answered by the heartbeat after so long will not. */
const ANSWER_MS = 3000;
/** How long until a gateway that could not reach its database is asked again. */
const RETRY_MS = 1000;

export interface SlotLockDeps {
  readonly session: string;
  readonly clock: Clock;
  handle(): number | null;
  live(): boolean;
  send(message: ClientMessage): void;
  changed(lock: RoomLock | null): void;
  /** Own values that are not stored. */
  hasUnsaved(): boolean;
  /** Sends what can go out; false: something has to wait. */
  flush(): boolean;
}

interface Holder {
  readonly holder: string;
  readonly user: string | null;
}

/** `reclaiming`: held before the connection broke, to be confirmed. */
type Phase = 'none' | 'asking' | 'held' | 'reclaiming';

/** Who holds a plugin, and this page's own way to the lock and back. */
export function createSlotLock(deps: SlotLockDeps, initialFence: number) {
  const { clock, session } = deps;
  let topFence = initialFence;
  let holder: Holder | null = null;
  let phase: Phase = 'none';
  let heldFence = -1;
  let askedAt = 0;
  let releaseWanted = false;
  /** Until the lock is seen to be free: asked for too early, it would be the same one, on its way out. */
  let givingBack = false;
  let cancelIdle = () => {};
  let cancelRetry = () => {};

  const view = (): RoomLock | null =>
    holder && { mine: holder.holder === session, ...holder, fence: topFence };

  function ask(as: 'asking' | 'reclaiming', fence: number): void {
    phase = as;
    heldFence = fence;
    askedAt = clock.now();
    const h = deps.handle();
    if (h !== null) deps.send({ t: 'lock.acquire', h });
  }
  function ensure(): void {
    if (phase === 'none' && !givingBack && deps.handle() !== null && deps.live()) ask('asking', -1);
  }
  function end(): void {
    phase = 'none';
    heldFence = -1;
    releaseWanted = false;
    cancelIdle();
  }
  function giveBack(fence: number): void {
    const h = deps.handle();
    if (h === null) return;
    givingBack = true;
    deps.send({ t: 'lock.release', h, f: fence });
  }
  function release(): void {
    if (phase === 'none') return;
    // What cannot go out yet goes before the lock does.
    if (phase !== 'held' || deps.handle() === null || !deps.live() || !deps.flush()) {
      releaseWanted = true;
      return;
    }
    giveBack(heldFence);
    end();
  }
  function watchIdle(): void {
    cancelIdle();
    cancelIdle = clock.setTimer(
      () => (deps.hasUnsaved() ? watchIdle() : release()),
      IDLE_RELEASE_MS,
    );
  }

  return {
    view,
    topFence: () => topFence,
    phase: () => phase,
    /** The fence of what this page holds, or held before the connection broke. */
    heldFence: () => heldFence,
    /** Somebody else's session, if it holds this. */
    taker: () => (holder && holder.holder !== session ? holder.holder : undefined),
    /** A fence has been heard of. */
    heard(fence: number): void {
      topFence = Math.max(topFence, fence);
    },
    /** Who holds it now. False: known already, or older than what is known. */
    set(next: Holder | null, fence: number): boolean {
      if (fence < topFence) return false;
      const same = holder?.holder === next?.holder && holder?.user === next?.user;
      if (same && fence === topFence) return false;
      holder = next;
      topFence = fence;
      deps.changed(view());
      return true;
    },
    ensure,
    end,
    release,
    giveBack,
    reclaim: (fence: number) => ask('reclaiming', fence),
    got(fence: number): void {
      phase = 'held';
      heldFence = fence;
      givingBack = false;
      watchIdle();
    },
    /** Someone's word on the lock has come: what waits may be asked for. */
    answered(): void {
      givingBack = false;
    },
    /** At a heartbeat: an answer that has not come by now got lost. */
    askAgain(): void {
      if ((phase === 'asking' || phase === 'reclaiming') && clock.now() - askedAt > ANSWER_MS)
        ask(phase, heldFence);
    },
    askLater(): void {
      cancelRetry();
      cancelRetry = clock.setTimer(ensure, RETRY_MS);
    },
    edited(): void {
      releaseWanted = false;
      if (phase === 'held') watchIdle();
    },
    /** What had to go out before the lock has gone. */
    releaseIfWanted(): void {
      if (releaseWanted) release();
    },
    down(): void {
      givingBack = false;
      cancelRetry();
      if (phase === 'asking') end();
      else if (phase === 'held') phase = 'reclaiming';
    },
    close(): void {
      cancelIdle();
      cancelRetry();
    },
  };
}
export type SlotLock = ReturnType<typeof createSlotLock>;
