import { type MyExport, type MyExports, RefusedError } from '@mixdown/contract';
import { isActive } from '@mixdown/core';
import { createStore } from 'zustand/vanilla';

/** Rows per request, and those that the page begins with. */
const PAGE = 30;
const MOST_PER_REQUEST = 100;
/** While something renders, its progress should move; otherwise only shares come and go. In ms. */
const ACTIVE_MS = 2000;
const IDLE_MS = 8000;
const HIDDEN_MS = 60_000;

export interface ExportFilter {
  readonly shared?: boolean;
  readonly projectId?: string;
}

/** An export that was there a moment ago. */
export interface Withdrawn {
  readonly export: MyExport;
  readonly why: 'unshared' | 'deleted';
}

export interface MyExportsState {
  /** Newest first. */
  readonly exports: readonly MyExport[];
  readonly hasMore: boolean;
  readonly loading: boolean;
  /** What went away while it was shown, the latest first. */
  readonly withdrawn: readonly Withdrawn[];
  /** The last attempt to look again did not get through; what is shown may be old. */
  readonly stale: boolean;
}

export interface MyExportsDeps {
  readonly filter: ExportFilter;
  fetch(query: ExportFilter & { cursor?: string; limit: number }): Promise<MyExports>;
  isHidden(): boolean;
  setTimer(run: () => void, ms: number): () => void;
}

/** Those of `before` that a newer answer would have to hold and does not. */
export function missing(
  before: readonly MyExport[],
  now: readonly MyExport[],
  complete: boolean,
): MyExport[] {
  const ids = new Set(now.map(({ id }) => id));
  const oldest = now.at(-1)?.createdAt ?? '';
  return before.filter(({ id, createdAt }) => !ids.has(id) && (complete || createdAt > oldest));
}

/** All exports that the account sees, looked at again and again while the page is open. */
export function createMyExports(deps: MyExportsDeps, first: MyExports) {
  let next = first.next;
  let closed = false;
  let cancel: (() => void) | null = null;
  let queue: Promise<void> = Promise.resolve();
  const store = createStore<MyExportsState>()(() => ({
    exports: first.exports,
    hasMore: first.next !== null,
    loading: false,
    withdrawn: [],
    stale: false,
  }));

  /** As many as are shown, and the latest ones before them. */
  async function readAll(count: number): Promise<MyExports> {
    const exports: MyExport[] = [];
    let cursor: string | null = null;
    do {
      const limit = Math.min(MOST_PER_REQUEST, Math.max(PAGE, count) - exports.length);
      const page: MyExports = await deps.fetch({
        ...deps.filter,
        limit,
        ...(cursor !== null && { cursor }),
      });
      exports.push(...page.exports);
      cursor = page.next;
    } while (cursor !== null && exports.length < count);
    return { exports, next: cursor };
  }

  async function refresh(): Promise<void> {
    const before = store.getState().exports;
    try {
      const now = await readAll(before.length);
      if (closed) return;
      next = now.next;
      const gone = missing(before, now.exports, now.next === null).map(
        (old): Withdrawn => ({ export: old, why: old.shared ? 'unshared' : 'deleted' }),
      );
      const known = new Set(now.exports.map(({ id }) => id));
      store.setState(({ withdrawn }) => ({
        exports: now.exports,
        hasMore: next !== null,
        stale: false,
        withdrawn: [...gone, ...withdrawn.filter((w) => !known.has(w.export.id))],
      }));
    } catch (error) {
      if (closed) return;
      // A session that ended has a dialog of its own.
      store.setState({ stale: !(error instanceof RefusedError) });
    }
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    queue = queue.then(() => (closed ? undefined : work()));
    return queue;
  };

  const stopTimer = (): void => {
    cancel?.();
    cancel = null;
  };
  function schedule(): void {
    stopTimer();
    if (closed) return;
    const active = store.getState().exports.some((view) => isActive(view.status));
    const ms = deps.isHidden() ? HIDDEN_MS : active ? ACTIVE_MS : IDLE_MS;
    cancel = deps.setTimer(() => void look(), ms);
  }
  async function look(): Promise<void> {
    stopTimer();
    await inTurn(refresh);
    schedule();
  }
  schedule();

  return {
    store,
    /** At once, such as when somebody returns to the page. */
    look,
    showMore: () =>
      inTurn(async () => {
        if (next === null) return;
        store.setState({ loading: true });
        try {
          const page = await deps.fetch({ ...deps.filter, limit: PAGE, cursor: next });
          if (closed) return;
          next = page.next;
          const known = new Set(store.getState().exports.map(({ id }) => id));
          store.setState(({ exports }) => ({
            exports: [...exports, ...page.exports.filter(({ id }) => !known.has(id))],
            hasMore: next !== null,
            stale: false,
          }));
        } catch {
          store.setState({ stale: true });
        } finally {
          store.setState({ loading: false });
        }
      }),
    dismiss: (id: string) =>
      store.setState(({ withdrawn }) => ({
        withdrawn: withdrawn.filter((w) => w.export.id !== id),
      })),
    close(): void {
      closed = true;
      stopTimer();
    },
  };
}
export type MyExportsFeed = ReturnType<typeof createMyExports>;
