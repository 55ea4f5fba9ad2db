import {
  type ClientMessage,
  type FrameEntry,
  type LockView,
  type ParameterOverlay,
  type ParamValues,
  type RoomPlugin,
  TICK_MS,
} from '@mixdown/contract';
import type { Clock } from '../clock.ts';
import { quantise } from '../parameters.ts';
import type { Protections } from './protections.ts';
import type { DroppedEdits, RoomEvents, RoomLock } from './room.ts';
import { createValueLayers, type Frame, foldFrames } from './value-layers.ts';

/** A lock without edits for so long goes back. */
const IDLE_RELEASE_MS = 60_000;
/** So many frames without an acknowledgement, and the rest waits: each value's latest is kept, older ones are not. */
const MAX_UNACKNOWLEDGED = 100;
/** Parameters per frame; the protocol takes twice as many numbers. */
const MAX_PARAMS_PER_FRAME = 128;
/** A gateway that has not answered by the heartbeat after so long will not. */
const ANSWER_MS = 3000;
/** Live values that are not in the log after so long (a lease, and some) have lost their writer. */
const OVERLAY_MS = 15_000;
/** How long until a gateway that could not reach its database is asked for a lock again. */
const LOCK_RETRY_MS = 1000;

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

interface Hold {
  /** `reclaiming`: held before the connection broke, to be confirmed. */
  phase: 'asking' | 'held' | 'reclaiming';
  fence: number;
  /** When the gateway was last asked, ms. */
  askedAt: number;
}

/** One plugin of a room: its values, who holds it, and what this hand sends. */
export function createRoomSlot(deps: SlotDeps, initial: ParamValues, initialFence: number) {
  const { id, clock, events, on } = deps;
  const layers = createValueLayers(initial, on);
  let handle: number | null = null;
  let paramIds: readonly string[] = [];
  let indexOf = new Map<string, number>();

  let topFence = initialFence;
  let lock: { holder: string; user: string | null } | null = null;
  let hold: Hold | null = null;
  let releaseWanted = false;
  /** Until the lock is seen to be free: asked for too early, it would be the same one, on its way out. */
  let givingBack = false;

  /** Frames of this hand under `sentFence` that are not in the log as far as we know. */
  let sent: Frame[] = [];
  let sentFence = -1;
  let lastN = 0;
  let acked = { n: 0, seq: 0 };
  let finWanted = false;
  /** The last edit was its gesture's end. */
  let handOff = true;
  let lastFrameAt = Number.NEGATIVE_INFINITY;
  let heardFrames = false;
  let heardFramesAt = Number.NEGATIVE_INFINITY;
  /** The last frame of the newest fence that is in the log: live frames may come later than what became of them. */
  let logged = { fence: -1, n: 0 };
  const timers = { frame: () => {}, idle: () => {}, retry: () => {} };

  const view = (): RoomLock | null =>
    lock && {
      mine: lock.holder === deps.session,
      holder: lock.holder,
      user: lock.user,
      fence: topFence,
    };
  const tell = (params: ParamValues, cause: 'remote' | 'durable' | 'reverted') => {
    if (Object.keys(params).length > 0) events.values(id, params, cause);
  };
  const isAcked = (n: number | null) => n !== null && n <= acked.n;
  const unacknowledged = (): ParamValues =>
    Object.fromEntries(
      [...layers.mine()].filter(([, e]) => !isAcked(e.n)).map(([param, e]) => [param, e.value]),
    );

  function setLock(next: typeof lock, fence: number): void {
    const changed = lock?.holder !== next?.holder || lock?.user !== next?.user || fence > topFence;
    lock = next;
    topFence = Math.max(topFence, fence);
    if (layers.overlayFence() < topFence || next === null) tell(layers.dropOverlay(), 'reverted');
    if (changed) events.lock(id, view());
  }

  /** Takes values of this hand back, and says so. */
  function give(why: DroppedEdits['why'], params: ParamValues, holder?: string): void {
    const ids = Object.keys(params);
    if (ids.length === 0) return;
    tell(layers.drop(ids), 'reverted');
    deps.dropped(why, params, holder);
  }

  // ------------------------------------------------------------------------------------ the lock

  function ask(next: Pick<Hold, 'phase' | 'fence'>): void {
    hold = { ...next, askedAt: clock.now() };
    if (handle !== null) deps.send({ t: 'lock.acquire', h: handle });
  }

  function ensureHold(): void {
    if (hold || givingBack || handle === null || !deps.live()) return;
    ask({ phase: 'asking', fence: -1 });
  }

  function endHold(): void {
    hold = null;
    releaseWanted = false;
    timers.frame();
    timers.idle();
  }

  /** The lock is gone without our doing. What is not stored goes with it, or is tried again if nobody took it. */
  function lost(): void {
    endHold();
    const taker = lock && lock.holder !== deps.session ? lock.holder : undefined;
    if (taker !== undefined) {
      give('lost_lock', unacknowledged(), taker);
      return;
    }
    layers.detach((entry) => !isAcked(entry.n));
    if (layers.dirty().length > 0) ensureHold();
  }

  function giveBack(fence: number): void {
    if (handle === null) return;
    givingBack = true;
    deps.send({ t: 'lock.release', h: handle, f: fence });
  }

  function watchIdle(): void {
    timers.idle();
    timers.idle = clock.setTimer(() => {
      if (Object.keys(unacknowledged()).length === 0) release();
      else watchIdle();
    }, IDLE_RELEASE_MS);
  }

  function release(): void {
    if (!hold) return;
    if (hold.phase !== 'held' || handle === null || !deps.live()) {
      releaseWanted = true;
      return;
    }
    pump(true);
    // What cannot go out yet goes before the lock does.
    if (layers.dirty().length > 0) {
      releaseWanted = true;
      return;
    }
    giveBack(hold.fence);
    endHold();
  }

  /** Values made under no lock, or an older one, against what others have done to them meanwhile. */
  function dropConflicts(): void {
    const own = new Map<string, Set<number | undefined>>();
    for (const frame of sent)
      for (const [param, value] of Object.entries(frame.params))
        own.set(param, (own.get(param) ?? new Set()).add(value));
    const conflicts: ParamValues = {};
    for (const [param, entry] of layers.mine()) {
      const now = layers.base(param);
      const untouched = now === entry.over || own.get(param)?.has(now) || now === entry.value;
      if (entry.away && !untouched) conflicts[param] = entry.value;
    }
    give('lost_lock', conflicts);
  }

  /** The lock of before: frames without an acknowledgement go again under their old numbers. */
  function resumeHold(n: number): void {
    if (n > acked.n) acked = { n, seq: 0 };
    settle(Number.POSITIVE_INFINITY);
    lastN = Math.max(lastN, n);
    if (on.resend) for (const frame of sent) sendFrame(frame, frame.n === lastN);
  }

  function beginHold(fence: number, n: number): void {
    settle(Number.POSITIVE_INFINITY);
    layers.detach((entry) => entry.n !== null);
    dropConflicts();
    sent = [];
    sentFence = fence;
    lastN = n;
    acked = { n, seq: 0 };
  }

  function lockOk(m: { f: number; n: number }): void {
    if (handle === null) return;
    if (m.f < topFence) {
      if (hold) lost();
      return;
    }
    const before = hold?.phase;
    givingBack = false;
    hold = { phase: 'held', fence: m.f, askedAt: clock.now() };
    setLock({ holder: deps.session, user: lock?.holder === deps.session ? lock.user : null }, m.f);
    if (m.f !== sentFence) beginHold(m.f, m.n);
    else if (before !== 'held') resumeHold(m.n);
    layers.settleIn();
    watchIdle();
    pump(finWanted || handOff);
    if (releaseWanted) release();
  }

  // ------------------------------------------------------------------------------------- sending

  function sendFrame(frame: Frame, fin: boolean): void {
    if (handle === null) return;
    const v = Object.entries(frame.params).flatMap(([param, value]) => {
      const index = indexOf.get(param);
      return index === undefined ? [] : [index, value];
    });
    deps.send({
      t: 'pf',
      h: handle,
      f: sentFence,
      n: frame.n,
      ts: Math.round(clock.now()),
      v,
      ...(fin && { fin: 1 as const }),
    });
  }

  /** Sends what is dirty, now or at the next tick. */
  function pump(final: boolean): void {
    if (final) finWanted = true;
    timers.frame();
    if (hold?.phase !== 'held' || handle === null || !deps.live()) return;
    const unknown = layers.dirty().filter((param) => !indexOf.has(param));
    if (unknown.length > 0)
      give('invalid', Object.fromEntries(unknown.map((p) => [p, layers.visible(p) as number])));
    const dirty = layers.dirty();
    if (dirty.length === 0) {
      finWanted = false;
      return;
    }
    const due = lastFrameAt + TICK_MS - clock.now();
    const mayGo = finWanted || due <= 0;
    if (!mayGo || !deps.clear() || sent.length >= MAX_UNACKNOWLEDGED) {
      if (on.trailingFlush)
        timers.frame = clock.setTimer(() => pump(finWanted), mayGo ? TICK_MS : due);
      return;
    }
    lastFrameAt = clock.now();
    for (let at = 0; at < dirty.length; at += MAX_PARAMS_PER_FRAME) {
      const chunk = dirty.slice(at, at + MAX_PARAMS_PER_FRAME);
      lastN += 1;
      const params = Object.fromEntries(chunk.map((p) => [p, layers.visible(p) as number]));
      for (const param of chunk) layers.sent(param, lastN);
      const frame = { n: lastN, params };
      sent.push(frame);
      sendFrame(frame, finWanted && at + chunk.length >= dirty.length);
    }
    finWanted = false;
    if (releaseWanted) release();
  }

  /** What is acknowledged and, by `seq`, has been seen in the log, is mine no longer. */
  function settle(seq: number): void {
    if (acked.seq > seq) return;
    const stored = [...layers.mine()].filter(([, entry]) => isAcked(entry.n)).map(([p]) => p);
    sent = sent.filter((frame) => frame.n > acked.n);
    tell(layers.drop(stored), 'durable');
  }

  function put(param: string, value: number): boolean {
    const overlay = deps.parameterOf(param);
    return layers.set(param, overlay ? quantise(overlay, value) : value, !deps.live());
  }

  return {
    id,
    visible: layers.all,
    lock: view,
    unacknowledged,
    unsaved(): number {
      let count = 0;
      for (const { n } of layers.mine().values()) if (!isAcked(n)) count += 1;
      return count;
    },
    handle: () => handle,

    set(params: ParamValues, final: boolean): void {
      let changed = false;
      for (const [param, value] of Object.entries(params)) changed = put(param, value) || changed;
      if (changed && hold?.phase === 'held') watchIdle();
      if (changed) releaseWanted = false;
      handOff = final;
      if (layers.dirty().length === 0) return;
      ensureHold();
      pump(final);
    },
    flush: () => pump(true),
    acquire: ensureHold,
    release,
    forget: (params: Iterable<string>) => layers.drop(params),

    // ------------------------------------------------------------------------------- connection

    down(): void {
      givingBack = false;
      timers.frame();
      timers.retry();
      if (hold?.phase === 'asking') endHold();
      else if (hold) hold.phase = 'reclaiming';
      layers.detach((entry) => entry.n === null);
      handle = null;
    },
    /** Handles of a connection: at its beginning, or when the plugin comes to be. */
    bind(plugin: RoomPlugin, ids: readonly string[]): void {
      handle = plugin.h;
      paramIds = ids;
      indexOf = new Map(ids.map((param, index) => [param, index]));
    },
    /** How things stand after a resync. The base is up to date already. */
    welcome(now: LockView | null, live: readonly FrameEntry[], seq: number): void {
      tell(layers.dropOverlay(), 'reverted');
      settle(seq);
      const held = now?.holder ?? null;
      setLock(held === null ? null : { holder: held, user: now?.user ?? null }, now?.f ?? topFence);
      for (const entry of live) this.remote(entry);
      givingBack = false;
      if (held === deps.session && now?.f === sentFence) {
        ask({ phase: 'reclaiming', fence: sentFence });
      } else if (held === deps.session) {
        // Of a page before this one: nobody knows its frames, and their numbers must not be used again.
        layers.detach((entry) => !isAcked(entry.n));
        endHold();
        giveBack(now?.f ?? topFence);
      } else if (held !== null) {
        const had = hold !== null;
        endHold();
        give(had ? 'lost_lock' : 'locked', unacknowledged(), held);
      } else {
        lost();
      }
    },
    /** The plugin has got its handle while the room is live. */
    resume(): void {
      const dirty = layers.dirty();
      if (dirty.length === 0) return;
      // What was set before the catalog could say which plugin it is.
      for (const param of dirty) put(param, layers.visible(param) as number);
      ensureHold();
      pump(false);
    },

    // --------------------------------------------------------------------------------- messages

    lockOk,
    lockBusy(m: { f: number; holder: string; user: string }): void {
      setLock({ holder: m.holder, user: m.user }, m.f);
      const had = hold !== null && hold.phase !== 'asking';
      endHold();
      give(had ? 'lost_lock' : 'locked', unacknowledged(), m.holder);
    },
    lockError(code: string, detail: string): void {
      if (code === 'unavailable' || code === 'rate_limited' || code === 'internal') {
        if (hold?.phase !== 'asking' && hold?.phase !== 'reclaiming') return;
        endHold();
        if (Object.keys(unacknowledged()).length === 0) return;
        layers.detach((entry) => !isAcked(entry.n) && entry.n !== null);
        timers.retry();
        timers.retry = clock.setTimer(ensureHold, LOCK_RETRY_MS);
        return;
      }
      events.lockRefused(id, detail);
      if (hold?.phase !== 'asking') return;
      endHold();
      give(code === 'not_found' ? 'gone' : 'locked', unacknowledged());
    },
    lockChanged(now: LockView): void {
      if (now.f < topFence) return;
      if (now.f === topFence && now.holder === lock?.holder) return;
      setLock(now.holder === null ? null : { holder: now.holder, user: now.user }, now.f);
      if (now.holder === deps.session) return;
      givingBack = false;
      if (hold ? hold.phase !== 'asking' : sent.length > 0) lost();
      if (layers.dirty().length > 0) ensureHold();
    },
    /** The heartbeat's word: null where it lists no holder. */
    lockListed(now: LockView | null): void {
      const quiet = !heardFrames;
      if (clock.now() - heardFramesAt > OVERLAY_MS) tell(layers.dropOverlay(), 'reverted');
      heardFrames = false;
      if (hold && hold.phase !== 'held' && clock.now() - hold.askedAt > ANSWER_MS) ask(hold);
      if (now?.holder === deps.session && !hold && now.f >= topFence && handle !== null) {
        // A release that got lost, or a lock of before a reload: nobody here is using it.
        giveBack(now.f);
        return;
      }
      if (now) {
        this.lockChanged(now);
        return;
      }
      givingBack = false;
      if (lock) this.lockChanged({ h: handle ?? 0, f: topFence, holder: null, user: null });
      // Live values under a lock that the heartbeat does not know of may still be the first word of a new one.
      else if (quiet) tell(layers.dropOverlay(), 'reverted');
      if (layers.dirty().length > 0) ensureHold();
    },
    remote(entry: FrameEntry): readonly string[] {
      if (on.receiverFence && entry.f < topFence) return [];
      if (entry.f === sentFence && hold) return [];
      if (entry.f === logged.fence && entry.n <= logged.n) return [];
      topFence = Math.max(topFence, entry.f);
      heardFrames = true;
      heardFramesAt = clock.now();
      const params: ParamValues = {};
      for (let at = 0; at + 1 < entry.v.length; at += 2) {
        const param = paramIds[entry.v[at] as number];
        if (param !== undefined) params[param] = entry.v[at + 1] as number;
      }
      tell(layers.remote(entry.f, { n: entry.n, params }), 'remote');
      return Object.keys(params);
    },
    ack(m: { f: number; n: number; seq: number }, seq: number): void {
      if (m.f !== sentFence || m.n <= acked.n) return;
      acked = { n: m.n, seq: m.seq };
      settle(seq);
      if (layers.dirty().length > 0) pump(false);
    },
    nack(m: { f: number; n: number; code: string }): void {
      if (m.f !== sentFence) return;
      if (m.code !== 'invalid') {
        if (!hold || hold.fence === m.f) lost();
        return;
      }
      sent = sent.filter((frame) => frame.n !== m.n);
      const bad = [...layers.mine()].filter(([, entry]) => entry.n === m.n);
      give('invalid', Object.fromEntries(bad.map(([param, entry]) => [param, entry.value])));
    },
    settle,

    // -------------------------------------------------------------------------------------- log

    durable(params: ParamValues, fence?: number, n?: number): void {
      const own = fence !== undefined && fence === sentFence;
      if (own && n !== undefined) {
        sent = sent.filter((frame) => frame.n > n);
        if (n > acked.n) acked = { n, seq: 0 };
      }
      if (fence !== undefined) topFence = Math.max(topFence, fence);
      if (fence !== undefined && fence >= logged.fence) logged = { fence, n: n ?? 0 };
      tell(layers.durable(params, { fence, n, own }), 'durable');
    },
    /** What the frames up to n of this fence said; null where this page cannot know. */
    fold: (fence: number, n: number): ParamValues | null =>
      fence === sentFence
        ? foldFrames(sent, n)
        : fence === layers.overlayFence()
          ? foldFrames(layers.overlayFrames(), n)
          : null,
    rebase(params: ParamValues, fence: number): void {
      topFence = Math.max(topFence, fence);
      tell(layers.rebase(params), 'durable');
    },
    close(): void {
      for (const cancel of Object.values(timers)) cancel();
    },
  };
}
export type RoomSlot = ReturnType<typeof createRoomSlot>;
