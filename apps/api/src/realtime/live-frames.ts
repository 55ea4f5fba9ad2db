import type { FrameEntry } from '@mixdown/contract';
import { ALL_PROTECTIONS, type Protections } from '@mixdown/core';
import type { BusMessage } from './bus/bus.ts';
import type { KnownPlugin, RoomPlugins } from './room-plugins.ts';

/** Frames of one plugin and fence that are merged: of each parameter the latest value. */
interface Entry {
  readonly plugin: KnownPlugin;
  readonly f: number;
  /** The last frame before those in here. */
  readonly p: number;
  /** The last frame in here. */
  n: number;
  readonly by: string;
  readonly values: Map<number, number>;
  /** No more frames may join: something durable ends at n, or it has gone out. */
  sealed: boolean;
  readonly remote: boolean;
  /** Heartbeats since. */
  age: number;
}
/** Heartbeats that live values may wait for the log: longer than a lease. */
const MOST_HEARTBEATS = 7;

type BusEntry = Extract<BusMessage, { kind: 'frames' }>['e'][number];

const numbers = (values: ReadonlyMap<number, number>): number[] => {
  const v: number[] = [];
  for (const [index, value] of values) v.push(index, value);
  return v;
};
const frameOf = ({ plugin, f, n, values }: Entry): FrameEntry => ({
  h: plugin.h,
  f,
  n,
  v: numbers(values),
});

/**
 * Values that move and are not in the log yet, as this node has heard them. What a node passes on never spans a durable
 * write, so that "the frames up to n" means the same for everybody who had them.
 */
export function createLiveFrames(plugins: RoomPlugins, on: Protections = ALL_PROTECTIONS) {
  /** Per plugin, oldest first, all of one fence. */
  const unpersisted = new Map<string, Entry[]>();
  /** The last frame of a plugin that was seen. */
  const last = new Map<string, { f: number; n: number }>();
  /** The last frame of a plugin that is in the log. */
  const durableN = new Map<string, { f: number; n: number }>();
  let waiting: Entry[] = [];

  function entriesOf(id: string): Entry[] {
    let entries = unpersisted.get(id);
    if (!entries) {
      entries = [];
      unpersisted.set(id, entries);
    }
    return entries;
  }
  function forget(id: string, which: (entry: Entry) => boolean): void {
    const entries = unpersisted.get(id);
    if (!entries) return;
    const kept = entries.filter((entry) => !which(entry));
    if (kept.length > 0) unpersisted.set(id, kept);
    else unpersisted.delete(id);
  }
  /** False: of an older fence than what is known. A newer one replaces all. */
  function enter(id: string, f: number): boolean {
    const known = last.get(id);
    if (known && known.f > f) return !on.receiverFence;
    if (!known || known.f < f) {
      last.set(id, { f, n: 0 });
      forget(id, (entry) => entry.f < f);
      waiting = waiting.filter((entry) => entry.plugin.id !== id || entry.f >= f);
    }
    return true;
  }
  function push(entry: Entry): void {
    entriesOf(entry.plugin.id).push(entry);
    waiting.push(entry);
    last.set(entry.plugin.id, { f: entry.f, n: entry.n });
  }

  return {
    /** A frame of a connection of this node. */
    add(o: { plugin: KnownPlugin; f: number; n: number; by: string; v: readonly number[] }): void {
      if (!enter(o.plugin.id, o.f)) return;
      let entry = unpersisted.get(o.plugin.id)?.at(-1);
      if (!entry || entry.sealed || entry.remote) {
        const { plugin, f, n, by } = o;
        const p = last.get(plugin.id)?.n ?? 0;
        entry = { plugin, f, p, n, by, values: new Map(), sealed: false, remote: false, age: 0 };
        push(entry);
      }
      entry.n = o.n;
      last.set(o.plugin.id, { f: o.f, n: o.n });
      for (let at = 0; at < o.v.length; at += 2) {
        entry.values.set(o.v[at] as number, o.v[at + 1] as number);
      }
    },
    /** Frames of another node. Older ones than known are dropped. */
    hear(e: BusEntry): boolean {
      const plugin = plugins.byId(e.pluginId);
      const durable = durableN.get(e.pluginId);
      if (durable && (e.f < durable.f || (e.f === durable.f && e.n <= durable.n))) return false;
      if (!plugin || !enter(plugin.id, e.f)) return false;
      if (on.receiverFence && e.n <= (last.get(plugin.id)?.n ?? 0)) return false;
      const values = new Map<number, number>();
      for (let at = 0; at + 1 < e.v.length; at += 2) {
        values.set(e.v[at] as number, e.v[at + 1] as number);
      }
      const { f, n, by, p = n } = e;
      push({ plugin, f, p, n, by, values, sealed: true, remote: true, age: 0 });
      return true;
    },
    /** Nothing joins what there is of this plugin: it is being written. */
    seal(id: string): void {
      for (const entry of unpersisted.get(id) ?? []) entry.sealed = true;
    },
    moving: () => waiting.length > 0,
    /** What has to go out now: to connections, with whose frame it is, and to other nodes. */
    take(): { out: { by: string; json: string; changes: number }[]; bus: BusEntry[] } {
      const entries = waiting;
      waiting = [];
      for (const entry of entries) entry.sealed = true;
      return {
        out: entries.map((entry) => ({
          by: entry.by,
          json: JSON.stringify(frameOf(entry)),
          changes: entry.values.size,
        })),
        bus: entries
          .filter(({ remote }) => !remote)
          .map(({ plugin, f, n, p, by, values }) => ({
            pluginId: plugin.id,
            f,
            n,
            p,
            by,
            v: numbers(values),
          })),
      };
    },
    /** The log has the frames up to n. Whether every connection has had exactly those, without a gap. */
    durable(id: string, f: number, n: number): boolean {
      const entries = (unpersisted.get(id) ?? []).filter((entry) => entry.f === f && entry.n <= n);
      const whole =
        entries.at(-1)?.n === n &&
        entries.every((entry, i) => i === 0 || entry.p === entries[i - 1]?.n) &&
        entries[0]?.p === (durableN.get(id)?.f === f ? durableN.get(id)?.n : 0);
      durableN.set(id, { f, n });
      // Frames of another node may come later than what became of them.
      if (enter(id, f) && (last.get(id)?.n ?? 0) < n) last.set(id, { f, n });
      forget(id, (entry) => entry.f < f || (entry.f === f && entry.n <= n));
      return whole;
    },
    /** The lock has moved on to fence f, or is free. */
    dropBelow(id: string, f: number, free: boolean): void {
      enter(id, f);
      const stale = (entry: Entry) => entry.f < f || (free && entry.f === f);
      forget(id, stale);
      waiting = waiting.filter((entry) => entry.plugin.id !== id || !stale(entry));
    },
    /** At each heartbeat: what the log has not got within a lease is nobody's, such as a frame from before we knew. */
    grow(): void {
      for (const [id, entries] of [...unpersisted]) {
        for (const entry of entries) entry.age += 1;
        forget(id, ({ age }) => age > MOST_HEARTBEATS);
      }
    },
    drop(id: string): void {
      unpersisted.delete(id);
      last.delete(id);
      durableN.delete(id);
      waiting = waiting.filter((entry) => entry.plugin.id !== id);
    },
    /** All that is not in the log, for somebody who comes now. Nothing joins these entries any more. */
    current(): FrameEntry[] {
      const all = [...unpersisted.values()].flat();
      for (const entry of all) entry.sealed = true;
      return all.map(frameOf);
    },
  };
}
export type LiveFrames = ReturnType<typeof createLiveFrames>;
