import { type Refusal, RefusedError } from '@mixdown/contract';
import { NetworkError } from './api/http.ts';
import type { Edit } from './edits/edit.ts';
import type { SendOptions } from './edits/send-edit.ts';
import { mergeEdits, touches } from './edits/touches.ts';
import { createOpIds, type OpIds } from './op-id.ts';

/** A value under the hand is saved at most this often: few enough writes for the server, little enough to lose. */
export const FLUSH_MS = 250;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 15_000;
/** An edit that makes the server stumble this often is given up, so that it cannot hold up the others for ever. */
const MAX_SERVER_FAILURES = 5;

/** `expired`: the session has ended; edits wait for somebody to sign in. */
export type SaveStatus = 'saved' | 'saving' | 'offline' | 'expired';

export interface OutboxDeps {
  /** Resolves to the seq of the edit in the project's log, null where it is not known. */
  send(edit: Edit, o: SendOptions): Promise<number | null>;
  onConfirmed(edit: Edit, seq: number | null): void;
  onRefused(edit: Edit, refusal: Refusal): void;
  onStatus(status: SaveStatus): void;
  /** Milliseconds, monotonic. */
  now(): number;
  setTimer(run: () => void, ms: number): () => void;
}

interface Entry {
  edit: Edit;
  keys: readonly string[];
  /** False while a hand is still on the value: more is to come. */
  final: boolean;
  sending: boolean;
  failures: number;
  notBefore: number;
  /** Ids of its operations, as far as they have been needed. */
  ids: OpIds;
}

/** A removal that never left, and the same thing put back: nothing to send. */
const cancelsOut = (earlier: Edit, later: Edit): boolean =>
  earlier.kind === 'plugin.remove' &&
  later.kind === 'plugin.add' &&
  earlier.pluginId === later.slot.id;

const RETRYABLE = new Set<Refusal['code']>([
  'unavailable',
  'rate_limited',
  'internal',
  'idempotency_key_busy',
]);

/**
 * Edits on their way to the server. Values under the hand are merged, the latest one wins, and go out every `FLUSH_MS`;
 * the rest goes at once. Edits that depend on each other keep their order, all others travel side by side. What cannot
 * be delivered stays and is tried again; only a refusal ends an edit.
 */
export function createOutbox(deps: OutboxDeps) {
  let entries: Entry[] = [];
  const lastSent = new Map<string, number>();
  let status: SaveStatus = 'saved';
  let cancelTimer: (() => void) | null = null;
  let offlineFailures = 0;
  let blockedUntil = 0;
  let closed = false;

  const setStatus = (next: SaveStatus) => {
    if (next === status) return;
    status = next;
    deps.onStatus(next);
  };

  const settle = () => {
    if (entries.length === 0) setStatus('saved');
    else if (status !== 'expired' && offlineFailures === 0) setStatus('saving');
  };

  const dependsOn = (entry: Pick<Entry, 'keys'>, earlier: readonly Pick<Entry, 'keys'>[]) =>
    earlier.some((other) => other.keys.some((key) => entry.keys.includes(key)));

  const dueAt = (entry: Entry): number => {
    if (entry.final) return entry.notBefore;
    const last = lastSent.get(entry.keys[0] ?? '') ?? Number.NEGATIVE_INFINITY;
    return Math.max(entry.notBefore, last + FLUSH_MS);
  };

  function pump(): void {
    cancelTimer?.();
    cancelTimer = null;
    if (closed || status === 'expired') return;
    const now = deps.now();
    let wake = Number.POSITIVE_INFINITY;
    for (const [at, entry] of entries.entries()) {
      if (entry.sending || dependsOn(entry, entries.slice(0, at))) continue;
      const due = Math.max(dueAt(entry), blockedUntil);
      if (due <= now) void deliver(entry, false);
      else wake = Math.min(wake, due);
    }
    if (Number.isFinite(wake)) cancelTimer = deps.setTimer(pump, wake - now);
  }

  const hurry = (entry: Entry) => {
    entry.final = true;
    if (entry.failures === 0) entry.notBefore = 0;
  };

  const finish = (entry: Entry) => {
    entries = entries.filter((other) => other !== entry);
    offlineFailures = 0;
    blockedUntil = 0;
  };

  function failed(entry: Entry, error: unknown): void {
    if (error instanceof NetworkError) {
      // Requests that were under way together fail together: one failure, not many.
      if (deps.now() >= blockedUntil) {
        offlineFailures += 1;
        blockedUntil =
          deps.now() + Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (offlineFailures - 1));
      }
      setStatus('offline');
      return;
    }
    const refusal: Refusal =
      error instanceof RefusedError
        ? error.refusal
        : { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
    if (refusal.code === 'token_invalid' || refusal.code === 'unauthenticated') {
      setStatus('expired');
      return;
    }
    entry.failures += 1;
    const givenUp = refusal.code === 'internal' && entry.failures >= MAX_SERVER_FAILURES;
    if (RETRYABLE.has(refusal.code) && !givenUp) {
      const backoff = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (entry.failures - 1));
      entry.notBefore = deps.now() + Math.max(backoff, (refusal.retryAfterSeconds ?? 0) * 1000);
      return;
    }
    finish(entry);
    deps.onRefused(entry.edit, refusal);
  }

  async function deliver(entry: Entry, keepalive: boolean, edit = entry.edit): Promise<void> {
    entry.sending = true;
    lastSent.set(entry.keys[0] ?? '', deps.now());
    try {
      const opId = edit === entry.edit ? entry.ids : createOpIds();
      const seq = await deps.send(edit, { keepalive, opId });
      // A second delivery of the same entry (see `leave`) has nothing left to confirm.
      if (entries.includes(entry)) {
        finish(entry);
        deps.onConfirmed(entry.edit, seq);
      }
    } catch (error) {
      if (entries.includes(entry)) failed(entry, error);
    } finally {
      entry.sending = false;
      settle();
      pump();
    }
  }

  return {
    /** Takes an edit. `final: false` = a value still under the hand; `delayMs` leaves time to change one's mind. */
    put(edit: Edit, o: { readonly final: boolean; readonly delayMs?: number }): void {
      const keys = touches(edit);
      const last = entries.findLast((entry) => entry.keys.some((key) => keys.includes(key)));
      if (last && !last.sending && cancelsOut(last.edit, edit)) {
        entries = entries.filter((entry) => entry !== last);
        settle();
        return;
      }
      const merged = last && !last.sending ? mergeEdits(last.edit, edit) : null;
      if (last && merged) {
        last.edit = merged;
        last.keys = touches(merged);
        last.ids = createOpIds();
        last.final = o.final;
      } else {
        // Whatever waits for more values must not hold up an edit that depends on it.
        for (const entry of entries) if (dependsOn(entry, [{ keys }])) hurry(entry);
        const notBefore = o.delayMs ? deps.now() + o.delayMs : 0;
        const fresh = { sending: false, failures: 0, notBefore, ids: createOpIds() };
        entries.push({ edit, keys, final: o.final, ...fresh });
      }
      settle();
      pump();
    },
    /** Takes out edits that go another way from now on; those under way stay. */
    take(which: (edit: Edit) => boolean): readonly Edit[] {
      const taken = entries.filter((entry) => !entry.sending && which(entry.edit));
      entries = entries.filter((entry) => !taken.includes(entry));
      settle();
      pump();
      return taken.map((entry) => entry.edit);
    },
    /** All edits that the server has not confirmed, in their order. */
    pending: (): readonly Edit[] => entries.map((entry) => entry.edit),
    status: () => status,
    /** Sends everything that may be sent now, without waiting for more values. */
    flush(): void {
      for (const entry of entries) hurry(entry);
      blockedUntil = 0;
      pump();
    },
    /**
     * The page is going away: what is left goes out by requests that outlive it. Those under way go once more, because
     * the browser cancels them, with the values that wait behind them; edits are absolute, so twice does no harm.
     * Returns the edits that would have to wait for an answer, which nobody will be there to hear.
     */
    leave(): readonly Edit[] {
      const last = new Map<Entry, Edit>();
      const behind: Edit[] = [];
      for (const [at, entry] of entries.entries()) {
        const before = entries.slice(0, at).findLast((other) => dependsOn(entry, [other]));
        const going = before && last.get(before);
        const merged = going && mergeEdits(going, entry.edit);
        if (before && merged) last.set(before, merged);
        else if (before) behind.push(entry.edit);
        else last.set(entry, entry.edit);
      }
      for (const [entry, edit] of last) void deliver(entry, true, edit);
      return behind;
    },
    /** The connection is back, or somebody has signed in: try at once. */
    resume(): void {
      blockedUntil = 0;
      offlineFailures = 0;
      for (const entry of entries) entry.notBefore = 0;
      if (entries.length) setStatus('saving');
      else setStatus('saved');
      pump();
    },
    close(): void {
      closed = true;
      cancelTimer?.();
    },
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
