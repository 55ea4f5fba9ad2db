import type {
  ClientMessage,
  FrameEntry,
  LockView,
  Operation,
  ParameterOverlay,
  ParamValues,
  PluginSlot,
  RoomPlugin,
} from '@mixdown/contract';
import type { Clock } from '../clock.ts';
import type { Protections } from './protections.ts';
import type { DroppedEdits, RoomEvents } from './room.ts';
import { createRoomSlot, type RoomSlot } from './room-slot.ts';

export interface SlotsDeps {
  readonly session: string;
  readonly clock: Clock;
  readonly on: Protections;
  readonly events: Pick<RoomEvents, 'values' | 'lock' | 'lockRefused'>;
  readonly start: readonly PluginSlot[];
  parameterOf(catalogId: string, paramId: string): ParameterOverlay | undefined;
  send(message: ClientMessage): void;
  clear(): boolean;
  live(): boolean;
  dropped(
    pluginId: string,
    why: DroppedEdits['why'],
    params: ParamValues,
    holder: string | undefined,
  ): void;
}

interface Known {
  readonly slot: RoomSlot;
  /** Null: set before the operation that adds the plugin has come. */
  catalogId: string | null;
  trackId: string | null;
}

/** What is set on a plugin that nobody knows waits so long for the operation that adds it, in ms. */
const UNKNOWN_MS = 10_000;

/** The plugins of a room, by id and by the handles of the connection. */
export function createSlots(deps: SlotsDeps) {
  const known = new Map<string, Known>();
  const byHandle = new Map<number, RoomSlot>();
  const awaited = new Map<string, () => void>();

  function create(
    id: string,
    from: Pick<PluginSlot, 'params' | 'fence' | 'catalogId' | 'trackId'> | null,
  ): Known {
    const entry: Known = {
      catalogId: from?.catalogId ?? null,
      trackId: from?.trackId ?? null,
      slot: createRoomSlot(
        {
          ...deps,
          id,
          parameterOf: (paramId) =>
            entry.catalogId === null ? undefined : deps.parameterOf(entry.catalogId, paramId),
          dropped: (why, params, holder) => deps.dropped(id, why, params, holder),
        },
        from?.params ?? {},
        from?.fence ?? 0,
      ),
    };
    known.set(id, entry);
    return entry;
  }

  function gone(id: string, silently: boolean): void {
    const found = known.get(id);
    if (!found) return;
    known.delete(id);
    const h = found.slot.handle();
    if (h !== null) byHandle.delete(h);
    found.slot.close();
    const lost = found.slot.unacknowledged();
    if (!silently && Object.keys(lost).length > 0) deps.dropped(id, 'gone', lost, undefined);
  }

  function put(plugin: Pick<PluginSlot, 'id' | 'params' | 'fence' | 'catalogId' | 'trackId'>) {
    const found = known.get(plugin.id);
    if (!found) {
      create(plugin.id, plugin);
      return;
    }
    found.catalogId = plugin.catalogId;
    found.trackId = plugin.trackId;
    found.slot.rebase(plugin.params, plugin.fence);
  }

  /** The page may be ahead of the log; or it holds on to a plugin that somebody has removed. */
  function awaitPlugin(id: string): void {
    awaited.get(id)?.();
    const cancel = deps.clock.setTimer(() => {
      awaited.delete(id);
      const found = known.get(id);
      if (!found || found.catalogId !== null) return;
      if (deps.live()) gone(id, false);
      else awaitPlugin(id);
    }, UNKNOWN_MS);
    awaited.set(id, cancel);
  }
  function ensure(id: string): RoomSlot {
    const found = known.get(id);
    if (found) return found.slot;
    awaitPlugin(id);
    return create(id, null).slot;
  }

  for (const plugin of deps.start) create(plugin.id, plugin);

  return {
    get: (id: string) => known.get(id)?.slot,
    at: (handle: number) => byHandle.get(handle),
    ensure,
    each(run: (slot: RoomSlot) => void): void {
      for (const { slot } of [...known.values()]) run(slot);
    },
    gone,
    bind(plugin: RoomPlugin, paramIds: readonly string[], resume = false): void {
      const slot = known.get(plugin.id)?.slot;
      if (!slot) return;
      byHandle.set(plugin.h, slot);
      slot.bind(plugin, paramIds);
      if (resume) slot.resume();
    },

    /** What an operation of the log means for the plugins. `own`: asked for by this page just now. */
    apply(operation: Operation, own: boolean): void {
      const { kind, payload } = operation;
      if (kind === 'plugin.add') put(payload.plugin);
      else if (kind === 'plugin.params')
        known.get(payload.pluginId)?.slot.durable(payload.patch.params, payload.fence, payload.n);
      else if (kind === 'plugin.update' && payload.patch.params)
        known.get(payload.pluginId)?.slot.durable(payload.patch.params);
      else if (kind === 'plugin.move') {
        const found = known.get(payload.pluginId);
        if (found) found.trackId = payload.trackId;
      } else if (kind === 'plugin.remove') gone(payload.pluginId, own);
      else if (kind === 'track.remove')
        for (const [id, { trackId }] of [...known]) if (trackId === payload.trackId) gone(id, own);
    },
    settle(seq: number): void {
      for (const { slot } of known.values()) slot.settle(seq);
    },

    /** The plugins of a snapshot. Those that it lacks are gone, but for what has only been set and never been seen. */
    rebase(plugins: readonly PluginSlot[]): void {
      const there = new Set(plugins.map((plugin) => plugin.id));
      for (const [id, { catalogId }] of [...known])
        if (!there.has(id) && catalogId !== null) gone(id, false);
      for (const plugin of plugins) put(plugin);
    },
    welcome(locks: readonly LockView[], live: readonly FrameEntry[], seq: number): void {
      const lockOf = new Map(locks.map((lock) => [lock.h, lock]));
      for (const { slot } of known.values()) {
        const h = slot.handle();
        if (h === null) continue;
        slot.welcome(
          lockOf.get(h) ?? null,
          live.filter((entry) => entry.h === h),
          seq,
        );
      }
    },
    /** All locks that are held, as a heartbeat lists them. */
    lockList(locks: readonly LockView[]): void {
      const lockOf = new Map(locks.map((lock) => [lock.h, lock]));
      for (const { slot } of known.values()) {
        const h = slot.handle();
        if (h !== null) slot.lockListed(lockOf.get(h) ?? null);
      }
    },

    close(): void {
      for (const cancel of awaited.values()) cancel();
      for (const { slot } of known.values()) slot.close();
    },
    mine(): Map<string, ParamValues> {
      const mine = new Map<string, ParamValues>();
      for (const [id, { slot }] of known) {
        const params = slot.unacknowledged();
        if (Object.keys(params).length > 0) mine.set(id, params);
      }
      return mine;
    },
    unsaved(): number {
      let count = 0;
      for (const { slot } of known.values()) count += slot.unsaved();
      return count;
    },
  };
}
