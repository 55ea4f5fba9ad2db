import { type ExportView, RefusedError } from '@mixdown/contract';
import { isActive } from '@mixdown/core';

/** A render reports about once a second; asking faster only costs requests. */
const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 8000;
const GROWTH = 1.5;
/** Nobody watches a hidden page, but its "export is ready" should not be an hour late. */
const HIDDEN_DELAY_MS = 10_000;

export interface PollerDeps {
  fetch(
    id: string,
    etag: string | null,
  ): Promise<{ view: ExportView | null; etag: string | null; retryAfter: number | null }>;
  onView(view: ExportView): void;
  /** The export cannot be read any more. */
  onGone(id: string): void;
  isHidden(): boolean;
  setTimer(run: () => void, ms: number): () => void;
}

interface Watch {
  etag: string | null;
  delay: number;
  cancel: (() => void) | null;
  stopped: boolean;
}

/** The wait before the next question, in ms: as the server advises, else growing while nothing changes. */
export function nextDelay(
  previous: number,
  o: { readonly changed: boolean; readonly retryAfter: number | null; readonly hidden: boolean },
): number {
  const own = o.changed ? FIRST_DELAY_MS : Math.min(MAX_DELAY_MS, previous * GROWTH);
  const advised = o.retryAfter === null ? own : o.retryAfter * 1000;
  return Math.max(FIRST_DELAY_MS, advised, o.hidden ? HIDDEN_DELAY_MS : 0);
}

/** Asks for exports until they rest (completed, failed, canceled …), by ETag so that an unchanged one costs little. */
export function createExportPoller(deps: PollerDeps) {
  const watches = new Map<string, Watch>();

  const stop = (id: string) => {
    const watch = watches.get(id);
    if (!watch) return;
    watch.stopped = true;
    watch.cancel?.();
    watches.delete(id);
  };

  async function ask(id: string, watch: Watch): Promise<void> {
    watch.cancel = null;
    let retryAfter: number | null = null;
    let changed = false;
    try {
      const answer = await deps.fetch(id, watch.etag);
      if (watch.stopped) return;
      watch.etag = answer.etag;
      retryAfter = answer.retryAfter;
      if (answer.view) {
        changed = true;
        deps.onView(answer.view);
        if (!isActive(answer.view.status)) return stop(id);
      }
    } catch (error) {
      if (watch.stopped) return;
      const code = error instanceof RefusedError ? error.refusal.code : null;
      if (code === 'not_found' || code === 'forbidden') {
        stop(id);
        deps.onGone(id);
        return;
      }
      if (error instanceof RefusedError) retryAfter = error.refusal.retryAfterSeconds ?? null;
    }
    watch.delay = nextDelay(watch.delay, { changed, retryAfter, hidden: deps.isHidden() });
    watch.cancel = deps.setTimer(() => void ask(id, watch), watch.delay);
  }

  return {
    /** Follows an export; one that is followed already is asked for at once. */
    watch(id: string): void {
      const known = watches.get(id);
      if (known && !known.cancel) return;
      known?.cancel?.();
      const watch = known ?? { etag: null, delay: FIRST_DELAY_MS, cancel: null, stopped: false };
      watch.delay = FIRST_DELAY_MS;
      watches.set(id, watch);
      void ask(id, watch);
    },
    watching: () => [...watches.keys()],
    close(): void {
      for (const id of [...watches.keys()]) stop(id);
    },
  };
}
export type ExportPoller = ReturnType<typeof createExportPoller>;
