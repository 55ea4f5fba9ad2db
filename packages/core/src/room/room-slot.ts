import type {
  ClientMessage,
  FrameEntry,
  LockView,
  ParameterOverlay,
  ParamValues,
} from '@mixdown/contract';
import type { Clock } from '../clock.ts';
import { quantise } from '../parameters.ts';
import { createFrameSender } from './frame-sender.ts';
import { createOwnFrames } from './own-frames.ts';
import type { Protections } from './protections.ts';
import type { DroppedEdits, RoomEvents } from './room.ts';
import { createSlotLock } from './slot-lock.ts';
import { createValueLayers, foldFrames } from './value-layers.ts';

/** Live values that are not in the log after so long (a lease, and some) have lost their writer. */
const OVERLAY_MS = 15_000;
const RETRYABLE = new Set(['unavailable', 'rate_limited', 'internal']);

/** What a slot needs of its room. */
export interface SlotDeps {
  readonly id: string;
  readonly session: string;
  readonly clock: Clock;
  readonly on: Protections;
  readonly events: Pick<RoomEvents, 'values' | 'lock' | 'lockRefused'>;
  parameterOf(paramId: string): ParameterOverlay | undefined;
  send(message: ClientMessage): void;
  /** Whether frames may go out now. */
  clear(): boolean;
  /** Connected, and not waiting for the answer to `hello`. */
  live(): boolean;
  dropped(why: DroppedEdits['why'], params: ParamValues, holder?: string): void;
}

/** One plugin of a room: its values, who holds it, and what this hand sends. */
export function createRoomSlot(deps: SlotDeps, initial: ParamValues, initialFence: number) {
  const { id, session, clock, events, on } = deps;
  const layers = createValueLayers(initial, on);
  const own = createOwnFrames();
  /** The last edit was its gesture's end. */
  let handOff = true;
  /** Others' frames: heard since the last heartbeat, and when. */
  let heardFrames = false;
  let heardFramesAt = Number.NEGATIVE_INFINITY;
  /** The last frame of the newest fence in the log: live frames may come later than what became of them. */
  let logged = { fence: -1, n: 0 };

  const sender = createFrameSender({
    clock,
    layers,
    own,
    trailing: on.trailingFlush,
    send: deps.send,
    clear: deps.clear,
    mayGo: () => lock.phase() === 'held' && deps.live(),
    unknown: (params) => give('invalid', params),
    sent: () => lock.releaseIfWanted(),
  });
  const lock = createSlotLock(
    {
      session,
      clock,
      handle: sender.handle,
      live: deps.live,
      send: deps.send,
      changed(view) {
        if (view === null || layers.overlayFence() < view.fence) dropOverlay();
        events.lock(id, view);
      },
      hasUnsaved: () => unsaved() > 0,
      flush() {
        sender.pump(true);
        return !isDirty();
      },
    },
    initialFence,
  );

  const tell = (params: ParamValues, cause: 'remote' | 'durable' | 'reverted') => {
    if (Object.keys(params).length > 0) events.values(id, params, cause);
  };
  const dropOverlay = () => tell(layers.dropOverlay(), 'reverted');
  const isDirty = () => layers.dirty().length > 0;
  const unacknowledged = (): ParamValues =>
    Object.fromEntries(
      [...layers.mine()].filter(([, e]) => !own.isAcked(e.n)).map(([param, e]) => [param, e.value]),
    );
  function unsaved(): number {
    let count = 0;
    for (const { n } of layers.mine().values()) if (!own.isAcked(n)) count += 1;
    return count;
  }

  /** Takes values of this hand back, and says so. */
  function give(why: DroppedEdits['why'], params: ParamValues, holder?: string): void {
    const ids = Object.keys(params);
    if (ids.length === 0) return;
    tell(layers.drop(ids), 'reverted');
    deps.dropped(why, params, holder);
  }

  function put(param: string, value: number): boolean {
    const overlay = deps.parameterOf(param);
    return layers.set(param, overlay ? quantise(overlay, value) : value, !deps.live());
  }

  /** The lock is gone without our doing. What is not stored goes with it, or is tried again if nobody took it. */
  function lost(): void {
    lock.end();
    const taker = lock.taker();
    if (taker !== undefined) {
      give('lost_lock', unacknowledged(), taker);
      return;
    }
    layers.detach((entry) => !own.isAcked(entry.n));
    if (isDirty()) lock.ensure();
  }

  /** Values made under no lock, or an older one, that others have changed meanwhile. */
  function dropConflicts(): void {
    const conflicts: ParamValues = {};
    for (const [param, entry] of layers.mine()) {
      const now = layers.base(param);
      const untouched = now === entry.over || now === entry.value || own.said(param, now);
      if (entry.away && !untouched) conflicts[param] = entry.value;
    }
    give('lost_lock', conflicts);
  }

  /** What is acknowledged and, by `seq`, has been seen in the log, is mine no longer. */
  function settle(seq: number): void {
    if (!own.settle(seq)) return;
    const stored = [...layers.mine()].filter(([, entry]) => own.isAcked(entry.n));
    tell(layers.drop(stored.map(([param]) => param)), 'durable');
  }

  function lockOk(m: { readonly f: number; readonly n: number }): void {
    if (sender.handle() === null) return;
    if (m.f < lock.topFence()) {
      if (lock.phase() !== 'none') lost();
      return;
    }
    const wasHeld = lock.phase() === 'held';
    lock.got(m.f);
    const known = lock.view();
    lock.set({ holder: session, user: known?.mine ? known.user : null }, m.f);
    if (m.f !== own.fence()) {
      settle(Number.POSITIVE_INFINITY);
      layers.detach((entry) => entry.n !== null);
      dropConflicts();
      own.begin(m.f, m.n);
    } else if (!wasHeld) {
      own.ack(m.n, 0);
      settle(Number.POSITIVE_INFINITY);
      if (on.resend) sender.resend();
    }
    layers.settleIn();
    sender.pump(handOff);
    lock.releaseIfWanted();
  }

  function lockChanged(now: LockView): void {
    const { f, holder, user } = now;
    if (!lock.set(holder === null ? null : { holder, user }, f)) return;
    if (holder === session) return;
    lock.answered();
    const phase = lock.phase();
    if (phase === 'none' ? own.all().length > 0 : phase !== 'asking') lost();
    if (isDirty()) lock.ensure();
  }

  function remote(entry: FrameEntry): readonly string[] {
    if (on.receiverFence && entry.f < lock.topFence()) return [];
    if (entry.f === own.fence() && lock.phase() !== 'none') return [];
    if (entry.f === logged.fence && entry.n <= logged.n) return [];
    lock.heard(entry.f);
    heardFrames = true;
    heardFramesAt = clock.now();
    const params: ParamValues = {};
    for (let at = 0; at + 1 < entry.v.length; at += 2) {
      const param = sender.paramAt(entry.v[at] as number);
      if (param !== undefined) params[param] = entry.v[at + 1] as number;
    }
    tell(layers.remote(entry.f, { n: entry.n, params }), 'remote');
    return Object.keys(params);
  }

  return {
    id,
    visible: layers.all,
    lock: lock.view,
    unacknowledged,
    unsaved,
    handle: sender.handle,
    set(params: ParamValues, final: boolean): void {
      let changed = false;
      for (const [param, value] of Object.entries(params)) changed = put(param, value) || changed;
      if (changed) lock.edited();
      handOff = final;
      if (!isDirty()) return;
      lock.ensure();
      sender.pump(final);
    },
    flush: () => sender.pump(true),
    acquire: lock.ensure,
    release: lock.release,
    forget: (params: Iterable<string>) => layers.drop(params),

    bind: sender.bind,
    down(): void {
      sender.unbind();
      lock.down();
      layers.detach((entry) => entry.n === null);
    },
    /** How things stand after a resync. The base is up to date already. */
    welcome(now: LockView | null, live: readonly FrameEntry[], seq: number): void {
      dropOverlay();
      settle(seq);
      const holder = now?.holder ?? null;
      const fence = Math.max(now?.f ?? 0, lock.topFence());
      lock.set(holder === null ? null : { holder, user: now?.user ?? null }, fence);
      for (const entry of live) remote(entry);
      lock.answered();
      if (holder === session && now?.f === own.fence()) {
        lock.reclaim(own.fence());
      } else if (holder === session) {
        // Of a page before this one: nobody knows its frames, and their numbers must not be used again.
        layers.detach((entry) => !own.isAcked(entry.n));
        lock.end();
        lock.giveBack(now?.f ?? fence);
      } else if (holder !== null && lock.phase() === 'none') {
        give('locked', unacknowledged(), holder);
      } else lost();
    },
    /** The plugin has got its handle while the room is live. */
    resume(): void {
      // What was set before the catalog could say which plugin it is.
      for (const param of layers.dirty()) put(param, layers.visible(param) as number);
      if (!isDirty()) return;
      lock.ensure();
      sender.pump(false);
    },

    lockOk,
    lockBusy(m: { readonly f: number; readonly holder: string; readonly user: string }): void {
      lock.set({ holder: m.holder, user: m.user }, m.f);
      const had = lock.phase() === 'held' || lock.phase() === 'reclaiming';
      lock.end();
      give(had ? 'lost_lock' : 'locked', unacknowledged(), m.holder);
    },
    lockError(code: string, detail: string): void {
      const waited = lock.phase() === 'asking' || lock.phase() === 'reclaiming';
      if (waited) lock.end();
      if (!RETRYABLE.has(code)) {
        events.lockRefused(id, detail);
        if (waited) give(code === 'not_found' ? 'gone' : 'locked', unacknowledged());
      } else if (waited && unsaved() > 0) {
        layers.detach((entry) => !own.isAcked(entry.n) && entry.n !== null);
        lock.askLater();
      }
    },
    lockChanged,
    /** The heartbeat's word: null where it lists no holder. */
    lockListed(now: LockView | null): void {
      const quiet = !heardFrames;
      heardFrames = false;
      if (clock.now() - heardFramesAt > OVERLAY_MS) dropOverlay();
      lock.askAgain();
      if (now?.holder === session && lock.phase() === 'none' && now.f >= lock.topFence()) {
        // A release that got lost, or a lock of before a reload: nobody here is using it.
        lock.giveBack(now.f);
      } else if (now) lockChanged(now);
      else {
        lock.answered();
        if (lock.view()) lockChanged({ h: 0, f: lock.topFence(), holder: null, user: null });
        // Live values under a lock that the heartbeat does not know may be the first word of a new one.
        else if (quiet) dropOverlay();
        if (isDirty()) lock.ensure();
      }
    },
    remote,
    ack(m: { readonly f: number; readonly n: number; readonly seq: number }, seq: number): void {
      if (m.f !== own.fence() || !own.ack(m.n, m.seq)) return;
      settle(seq);
      if (isDirty()) sender.pump(false);
    },
    nack(m: { readonly f: number; readonly n: number; readonly code: string }): void {
      if (m.f !== own.fence()) return;
      if (m.code === 'invalid') {
        own.drop(m.n);
        const bad = [...layers.mine()].filter(([, entry]) => entry.n === m.n);
        give('invalid', Object.fromEntries(bad.map(([param, entry]) => [param, entry.value])));
      } else if (lock.phase() === 'none' || lock.heldFence() === m.f) lost();
    },
    settle,

    durable(params: ParamValues, fence?: number, n?: number): void {
      const isOwn = fence !== undefined && fence === own.fence();
      if (isOwn && n !== undefined) own.logged(n);
      if (fence !== undefined) lock.heard(fence);
      if (fence !== undefined && fence >= logged.fence) logged = { fence, n: n ?? 0 };
      tell(layers.durable(params, { fence, n, own: isOwn }), 'durable');
    },
    /** What the frames up to n of this fence said; null where this page cannot know. */
    fold(fence: number, n: number): ParamValues | null {
      if (fence === own.fence()) return own.fold(n);
      return fence === layers.overlayFence() ? foldFrames(layers.overlayFrames(), n) : null;
    },
    rebase(params: ParamValues, fence: number): void {
      lock.heard(fence);
      tell(layers.rebase(params), 'durable');
    },
    close(): void {
      sender.stop();
      lock.close();
    },
  };
}
export type RoomSlot = ReturnType<typeof createRoomSlot>;
