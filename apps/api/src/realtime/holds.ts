import {
  type Operation,
  type ParamFrame,
  type ParamValues,
  type ServerMessage,
  TICK_MS,
} from '@mixdown/contract';
import type { Clock } from '@mixdown/core';
import type { Authority } from './authority.ts';
import { frameOpId } from './frame-op-id.ts';
import type { RealtimeMetrics } from './gateway-metrics.ts';
import {
  type Hold,
  type Kept,
  LEASE_MS,
  mergeFrames,
  newHold,
  PERSIST_MS,
  TRUST_MARGIN_MS,
  WRITE_MS,
} from './hold.ts';
import { namedValues } from './room-plugins.ts';
import { momentFrom, until } from './ticks.ts';

const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 1_000;
/** How much late a timer may be without missing its moment the next time. */
const TIMER_SLACK_MS = 20;
/** Frames that wait for a renewal; beyond it the oldest are merged into one. */
const MAX_QUEUE = 256;

export interface HoldsDeps {
  readonly projectId: string;
  readonly authority: Pick<Authority, 'writeParams'>;
  readonly clock: Clock;
  readonly metrics: RealtimeMetrics;
  /** To the connection of this session, if there is one. */
  tell(session: string, message: ServerMessage): void;
  /** Frames that count: to be shown to the others. */
  show(hold: Hold, frame: ParamFrame): void;
  /** Nothing more may join what was shown of this plugin. */
  seal(pluginId: string): void;
  logged(operation: Operation): void;
  /** The authority says that the session does not hold this (any more). */
  lost(hold: Hold): void;
}

type NackCode = Extract<ServerMessage, { t: 'nack' }>['code'];

/** The plugins that sessions of one node hold in one room: what their hands do, and its way into the log. */
export function createHolds(deps: HoldsDeps) {
  const { clock } = deps;
  const holds = new Map<string, Kept>();
  let writes = 0;
  /** Those who are written when their moment has come; one timer for all. */
  const waiting = new Set<Kept>();
  let alarm: { readonly at: number; cancel(): void } | null = null;

  const isTrusted = (hold: Hold) => clock.now() < hold.trustUntil;

  function nack(hold: Pick<Hold, 'plugin' | 'fence' | 'session'>, n: number, code: NackCode): void {
    deps.metrics.nack(code);
    deps.tell(hold.session, { t: 'nack', h: hold.plugin.h, f: hold.fence, n, code });
  }
  function ack(hold: Hold): void {
    const { plugin, fence, persistedN, persistedSeq } = hold;
    deps.tell(hold.session, {
      t: 'ack',
      h: plugin.h,
      f: fence,
      n: persistedN,
      seq: persistedSeq,
    });
  }

  const sleep = (ms: number) => new Promise<void>((wake) => void clock.setTimer(wake, ms));

  /** The seq; null: stale; 'away': the lease ran out before the database came back. */
  async function attempt(hold: Kept, n: number, params: ParamValues) {
    const { plugin, session, fence, identity } = hold;
    const opId = frameOpId(plugin.id, fence, n);
    const { projectId } = deps;
    const write = { identity, projectId, pluginId: plugin.id, session, fence, n, params, opId };
    const began = clock.now();
    for (let wait = RETRY_FIRST_MS; ; wait = Math.min(wait * 2, RETRY_MOST_MS)) {
      try {
        const seq = await deps.authority.writeParams(write);
        deps.metrics.persisted((clock.now() - began) / 1000);
        return { seq, opId };
      } catch {
        if (!isTrusted(hold) || hold.ended) return { seq: 'away' as const, opId };
      }
      await sleep(wait);
    }
  }

  async function write(hold: Kept): Promise<void> {
    const n = hold.seenN;
    const params = namedValues(hold.plugin, hold.dirty);
    hold.dirty = new Map();
    hold.fin = false;
    hold.lastWriteAt = clock.now();
    deps.seal(hold.plugin.id);
    writes += 1;
    const { seq, opId } = await attempt(hold, n, params);
    writes -= 1;
    hold.writing = null;
    if (typeof seq === 'number') {
      hold.persistedN = n;
      hold.persistedSeq = seq;
      const { plugin, fence, identity } = hold;
      deps.logged({
        seq,
        opId,
        kind: 'plugin.params',
        payload: { pluginId: plugin.id, patch: { params }, fence, n },
        actor: identity.userId,
      });
      ack(hold);
      if (!hold.ended) schedule(hold);
      return;
    }
    nack(hold, n, 'stale_fence');
    end(hold, 'stale_fence');
    deps.lost(hold);
  }

  function start(hold: Kept): Promise<void> {
    waiting.delete(hold);
    hold.writing ??= write(hold);
    return hold.writing;
  }

  function writeWaiting(): void {
    alarm = null;
    const now = clock.now();
    for (const hold of [...waiting]) {
      if (until(hold.moment, now) > 0) awaitMoment(hold, now);
      else {
        void start(hold);
        hold.lastWriteAt = Math.max(hold.moment, now - TIMER_SLACK_MS);
      }
    }
  }
  function awaitMoment({ moment: at }: Kept, now: number): void {
    if (alarm && alarm.at <= at) return;
    alarm?.cancel();
    alarm = { at, cancel: clock.setTimer(writeWaiting, until(at, now)) };
  }
  /** Whoever moves out of step with the others comes a tick later each time, until all are written together. */
  function momentOf(due: number): number {
    const moment = momentFrom(due);
    return moment % WRITE_MS === 0 ? moment : moment + TICK_MS;
  }

  function schedule(hold: Kept): void {
    if (hold.dirty.size === 0 || hold.writing) return;
    const now = clock.now();
    const due = hold.lastWriteAt + PERSIST_MS;
    if (waiting.has(hold) && !hold.fin) return;
    if (hold.fin || due <= now) {
      void start(hold);
      return;
    }
    waiting.add(hold);
    hold.moment = momentOf(due);
    awaitMoment(hold, now);
  }

  /** Forgets a hold. What of it is not on its way to the log is refused. */
  function end(hold: Kept, code: NackCode): void {
    if (hold.ended) return;
    hold.ended = true;
    waiting.delete(hold);
    if (holds.get(hold.plugin.id) === hold) holds.delete(hold.plugin.id);
    const n = hold.queue.at(-1)?.n ?? (hold.dirty.size > 0 ? hold.seenN : 0);
    if (n > 0) nack(hold, n, code);
    hold.queue = [];
    hold.dirty.clear();
  }

  function accept(hold: Kept, frame: ParamFrame): void {
    if (frame.n <= hold.seenN) {
      // Sent again by somebody who did not hear of it.
      if (frame.n <= hold.persistedN && hold.persistedSeq > 0) ack(hold);
      return;
    }
    hold.seenN = frame.n;
    hold.lastEdit = clock.now();
    for (let at = 0; at < frame.v.length; at += 2) {
      hold.dirty.set(frame.v[at] as number, frame.v[at + 1] as number);
    }
    if (frame.fin) hold.fin = true;
    deps.show(hold, frame);
    schedule(hold);
  }

  function drain(hold: Kept): void {
    if (hold.closing || !isTrusted(hold)) return;
    const queue = hold.queue;
    hold.queue = [];
    for (const frame of queue) accept(hold, frame);
  }

  async function flush(hold: Kept): Promise<void> {
    while (!hold.ended && (hold.writing || hold.dirty.size > 0)) await start(hold);
    await hold.writing;
  }

  return {
    of: (pluginId: string): Hold | undefined => holds.get(pluginId),
    all: (): Hold[] => [...holds.values()],
    by: (session: string): Hold[] => [...holds.values()].filter((h) => h.session === session),
    /** Whether something of ours is on its way into the log. */
    writing: () => writes > 0,
    isTrusted,

    /** The session holds this plugin, by the authority's word that was asked for at `before`. */
    begin(
      o: Pick<Hold, 'plugin' | 'session' | 'fence' | 'identity'> & { n: number; before: number },
    ): Hold {
      const { n, before, ...known } = o;
      const trustUntil = before + LEASE_MS - TRUST_MARGIN_MS;
      const there = holds.get(o.plugin.id);
      if (there?.fence === o.fence && there.session === o.session) {
        there.identity = o.identity;
        there.trustUntil = Math.max(there.trustUntil, trustUntil);
        there.persistedN = Math.max(there.persistedN, n);
        there.seenN = Math.max(there.seenN, n);
        there.closing = false;
        drain(there);
        return there;
      }
      if (there) end(there, 'stale_fence');
      const hold = newHold({ ...known, trustUntil, lastEdit: clock.now() }, n);
      holds.set(o.plugin.id, hold);
      return hold;
    },

    /** A frame of the holder, under its fence. Waits while it is not sure that the lease runs. */
    receive(hold: Hold, frame: ParamFrame): void {
      const kept = holds.get(hold.plugin.id);
      if (!kept || kept !== hold) return;
      if (!kept.closing && isTrusted(kept) && kept.queue.length === 0) {
        accept(kept, frame);
        return;
      }
      kept.queue.push(frame);
      const [a, b] = kept.queue;
      if (kept.queue.length > MAX_QUEUE && a && b) kept.queue.splice(0, 2, mergeFrames(a, b));
    },
    renewed(hold: Hold, before: number): void {
      const kept = holds.get(hold.plugin.id);
      if (kept !== hold || !kept) return;
      kept.trustUntil = Math.max(kept.trustUntil, before + LEASE_MS - TRUST_MARGIN_MS);
      drain(kept);
    },
    /** The lock did not go after all. */
    reopen(hold: Hold): void {
      const kept = holds.get(hold.plugin.id);
      if (kept !== hold || !kept) return;
      kept.closing = false;
      drain(kept);
    },
    /** Resolves when everything that was accepted is in the log, or refused. */
    flush: (hold: Hold): Promise<void> => {
      const kept = holds.get(hold.plugin.id);
      return kept && kept === hold ? flush(kept) : Promise.resolve();
    },
    /** How much is not in the log yet. */
    unsaved: (hold: Hold): boolean => {
      const kept = holds.get(hold.plugin.id);
      return !!kept && (kept.dirty.size > 0 || kept.writing !== null || kept.queue.length > 0);
    },
    end(hold: Hold, code: NackCode): void {
      const kept = holds.get(hold.plugin.id);
      if (kept && kept === hold) end(kept, code);
    },
    refuse: nack,
  };
}
export type Holds = ReturnType<typeof createHolds>;
