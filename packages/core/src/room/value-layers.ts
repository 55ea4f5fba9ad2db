import type { ParamValues } from '@mixdown/contract';
import { ALL_PROTECTIONS, type Protections } from './protections.ts';

/** Values that belong to one frame, or to several that were merged: `n` is the last one's number. */
export interface Frame {
  readonly n: number;
  readonly params: ParamValues;
}

/** A value of this hand that is not in the base yet. */
export interface MineEntry {
  value: number;
  /** The frame that took it along; null: not sent. */
  n: number | null;
  /** The durable value that it replaces, to tell whether others have changed it meanwhile. */
  over: number | undefined;
  /** Made, or left without acknowledgement, while there was no connection or no lock. */
  away: boolean;
}

/** More than that without a word from the log, and the oldest are merged. */
const MAX_OVERLAY_FRAMES = 256;

const mergeFrames = (frames: readonly Frame[]): ParamValues =>
  Object.assign({}, ...frames.map((frame) => frame.params));

/** The frames up to n, merged: null if there is none that ends at n, and so nobody can say what n covers. */
export function foldFrames(frames: readonly Frame[], n: number): ParamValues | null {
  if (!frames.some((frame) => frame.n === n)) return null;
  return mergeFrames(frames.filter((frame) => frame.n <= n));
}

/**
 * A plugin's values as this page sees them: mine (by this hand, not yet durable) ?? overlay (others' live frames, all
 * under one fence) ?? base (durable). Whatever may change a visible value returns those that did.
 */
export function createValueLayers(initial: ParamValues, on: Protections = ALL_PROTECTIONS) {
  let base: ParamValues = { ...initial };
  let overlayFence = -1;
  let overlayFrames: Frame[] = [];
  let overlay: ParamValues = {};
  const mine = new Map<string, MineEntry>();

  const visible = (id: string): number | undefined =>
    mine.get(id)?.value ?? (Object.hasOwn(overlay, id) ? overlay[id] : base[id]);

  const all = (): ParamValues => ({
    ...base,
    ...overlay,
    ...Object.fromEntries([...mine].map(([id, entry]) => [id, entry.value])),
  });

  /** Runs and returns the visible values, among those of `ids`, that are different then. */
  function changing(ids: Iterable<string>, run: () => void): ParamValues {
    const before = new Map([...new Set(ids)].map((id) => [id, visible(id)]));
    run();
    const changed: ParamValues = {};
    for (const [id, was] of before) {
      const is = visible(id);
      if (is !== was && is !== undefined) changed[id] = is;
    }
    return changed;
  }

  const forgetOverlay = () => {
    overlayFrames = [];
    overlay = {};
  };

  return {
    visible,
    all,
    base: (id: string) => base[id],
    overlayFence: () => overlayFence,
    overlayFrames: (): readonly Frame[] => overlayFrames,
    mine: (): ReadonlyMap<string, MineEntry> => mine,

    /** A value of this hand. False: it stands there already. */
    set(id: string, value: number, away: boolean): boolean {
      if (visible(id) === value) return false;
      const entry = mine.get(id);
      if (entry) Object.assign(entry, { value, n: null, away: entry.away || away });
      else mine.set(id, { value, n: null, over: base[id], away });
      return true;
    },
    dirty: (): string[] => [...mine].filter(([, entry]) => entry.n === null).map(([id]) => id),
    /** The value leaves in frame n. */
    sent(id: string, n: number): void {
      const entry = mine.get(id);
      if (entry) entry.n = n;
    },
    /** Everything of this hand that `which` says: not sent, and to be compared with what others did meanwhile. */
    detach(which: (entry: MineEntry) => boolean): void {
      for (const entry of mine.values())
        if (which(entry)) Object.assign(entry, { n: null, away: true });
    },
    /** A lock covers all of it now: from here on nobody else changes what lies below. */
    settleIn(): void {
      for (const [id, entry] of mine) Object.assign(entry, { away: false, over: base[id] });
    },
    /** Forgets values of this hand; what shows then is what others see. */
    drop(ids: Iterable<string>): ParamValues {
      const list = [...ids];
      return changing(list, () => {
        for (const id of list) mine.delete(id);
      });
    },

    /** Others' live values under `fence`. The caller has checked that the fence is not an old one. */
    remote(fence: number, frame: Frame): ParamValues {
      const ids = [...Object.keys(overlay), ...Object.keys(frame.params)];
      return changing(ids, () => {
        if (fence !== overlayFence && on.overlayDrop) forgetOverlay();
        overlayFence = fence;
        const last = overlayFrames.at(-1);
        if (last && frame.n <= last.n && on.receiverFence) return;
        overlayFrames.push(frame);
        if (overlayFrames.length > MAX_OVERLAY_FRAMES) {
          const [first, second, ...rest] = overlayFrames as [Frame, Frame, ...Frame[]];
          overlayFrames = [{ n: second.n, params: { ...first.params, ...second.params } }, ...rest];
        }
        overlay = { ...overlay, ...frame.params };
      });
    },
    dropOverlay: (): ParamValues =>
      on.overlayDrop ? changing(Object.keys(overlay), forgetOverlay) : {},

    /** What the log says. `fence`, `n`: of a write under a lock; `own`: that lock was this session's. */
    durable(
      params: ParamValues,
      o: {
        readonly fence?: number | undefined;
        readonly n?: number | undefined;
        readonly own: boolean;
      },
    ): ParamValues {
      const ids = [...Object.keys(params), ...Object.keys(overlay), ...mine.keys()];
      return changing(ids, () => {
        base = { ...base, ...params };
        if (o.fence !== undefined && o.fence === overlayFence) {
          overlayFrames = overlayFrames.filter((frame) => frame.n > (o.n ?? 0));
          overlay = mergeFrames(overlayFrames);
        }
        for (const [id, entry] of mine) {
          const included = o.own && entry.n !== null && entry.n <= (o.n ?? 0);
          if (included || (!on.mineLayer && Object.hasOwn(params, id))) mine.delete(id);
          else if (o.own && Object.hasOwn(params, id)) entry.over = params[id];
        }
      });
    },
    /** The whole durable state anew. */
    rebase(params: ParamValues): ParamValues {
      return changing([...Object.keys(params), ...Object.keys(base)], () => {
        base = { ...params };
      });
    },
  };
}
export type ValueLayers = ReturnType<typeof createValueLayers>;
