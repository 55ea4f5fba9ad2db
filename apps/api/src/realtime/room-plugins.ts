import type {
  Catalog,
  Operation,
  ParameterOverlay,
  ParamValues,
  PluginSlot,
  RoomPlugin,
} from '@mixdown/contract';
import { findEntry } from '@mixdown/wam-catalog';

/** A plugin of a room, with the number by which its connections call it. */
export interface KnownPlugin extends RoomPlugin {
  readonly parameters: readonly ParameterOverlay[];
  trackId: string;
}

type Slot = Pick<PluginSlot, 'id' | 'trackId' | 'catalogId' | 'version'>;

/** Most numbers in a frame: index, value, index, value, … */
const MAX_NUMBERS = 256;

/** Whether `v` says values that this plugin can have. */
export function isValid({ parameters }: KnownPlugin, v: readonly unknown[]): boolean {
  if (v.length < 2 || v.length % 2 !== 0 || v.length > MAX_NUMBERS) return false;
  for (let at = 0; at < v.length; at += 2) {
    const p = parameters[v[at] as number];
    const value = v[at + 1];
    if (!p || typeof value !== 'number' || !(value >= p.min && value <= p.max)) return false;
    if (p.kind !== 'continuous' && !Number.isInteger(value)) return false;
  }
  return true;
}

/** Values by index as values by parameter id. */
export const namedValues = (
  { parameters }: KnownPlugin,
  values: ReadonlyMap<number, number>,
): ParamValues => {
  const params: ParamValues = {};
  for (const [index, value] of values) {
    const id = parameters[index]?.id;
    if (id !== undefined) params[id] = value;
  }
  return params;
};

/** The plugins of a room as of its seq. Handles are those of the node's room, the same for all its connections. */
export function createRoomPlugins(catalog: Catalog, slots: readonly Slot[]) {
  const byId = new Map<string, KnownPlugin>();
  const byHandle = new Map<number, KnownPlugin>();
  let nextHandle = 0;

  function add({ id, trackId, catalogId, version }: Slot): KnownPlugin {
    const parameters = findEntry(catalog, catalogId, version)?.parameters ?? [];
    const plugin = { h: nextHandle++, id, k: `${catalogId}@${version}`, parameters, trackId };
    byId.set(id, plugin);
    byHandle.set(plugin.h, plugin);
    return plugin;
  }
  function remove(plugin: KnownPlugin): KnownPlugin {
    byId.delete(plugin.id);
    byHandle.delete(plugin.h);
    return plugin;
  }
  for (const slot of slots) add(slot);

  return {
    byId: (id: string) => byId.get(id),
    byHandle: (h: number) => byHandle.get(h),
    list: (): RoomPlugin[] => [...byId.values()].map(({ h, id, k }) => ({ h, id, k })),
    params: (): Record<string, string[]> =>
      Object.fromEntries([...byId.values()].map((p) => [p.k, p.parameters.map(({ id }) => id)])),
    /** Follows the log: what an operation added, and what it took away. */
    apply({ kind, payload }: Operation): { added?: KnownPlugin; removed: KnownPlugin[] } {
      if (kind === 'plugin.add') {
        return byId.has(payload.plugin.id)
          ? { removed: [] }
          : { added: add(payload.plugin), removed: [] };
      }
      if (kind === 'plugin.move') {
        const plugin = byId.get(payload.pluginId);
        if (plugin) plugin.trackId = payload.trackId;
      }
      const gone = [...byId.values()].filter(
        (plugin) =>
          (kind === 'plugin.remove' && plugin.id === payload.pluginId) ||
          (kind === 'track.remove' && plugin.trackId === payload.trackId),
      );
      return { removed: gone.map(remove) };
    },
  };
}
export type RoomPlugins = ReturnType<typeof createRoomPlugins>;
