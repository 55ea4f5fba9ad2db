import type {
  ChainOrder,
  Clip,
  Operation,
  PluginSlot,
  ProjectSnapshot,
  Track,
} from '@mixdown/contract';
import type { z } from 'zod';

type Chains = readonly z.infer<typeof ChainOrder>[];

/** `row` with the fields that `patch` names and that differ; the same row where none does. */
function patched<T extends object>(
  row: T,
  patch: { readonly [K in keyof T]?: T[K] | undefined },
): T {
  const named = Object.entries(patch).filter(
    ([key, value]) => value !== undefined && row[key as keyof T] !== value,
  );
  return named.length === 0 ? row : { ...row, ...Object.fromEntries(named) };
}

/** The rows with one of them changed; the same array where nothing changed. */
function change<T extends { readonly id: string }>(
  rows: T[],
  id: string,
  next: (row: T) => T,
): T[] {
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  if (!row) return rows;
  const changed = next(row);
  return changed === row ? rows : rows.with(at, changed);
}

/** Tracks in this order; those that it does not name, such as none, keep theirs and come last. */
function ordered(tracks: Track[], order: readonly string[]): Track[] {
  const placed = tracks.map((track) => {
    const position = order.indexOf(track.id);
    return position < 0 ? track : patched(track, { position });
  });
  return placed.toSorted((a, b) => a.position - b.position);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const inClipOrder = (clips: Clip[]): Clip[] =>
  clips.toSorted(
    (a, b) => compare(a.trackId, b.trackId) || a.startFrame - b.startFrame || compare(a.id, b.id),
  );

/** Plugins as these whole chains say, in the snapshot's order: by track id, then by position. */
function chained(plugins: PluginSlot[], chains: Chains): PluginSlot[] {
  const place = new Map(
    chains.flatMap(({ trackId, pluginIds }) =>
      pluginIds.map((id, position) => [id, { trackId, position }] as const),
    ),
  );
  return plugins
    .map((plugin) => patched(plugin, place.get(plugin.id) ?? {}))
    .toSorted((a, b) => compare(a.trackId, b.trackId) || a.position - b.position);
}

const withParams = (plugin: PluginSlot, params: PluginSlot['params'] | undefined): PluginSlot => {
  if (!params || Object.entries(params).every(([id, value]) => plugin.params[id] === value))
    return plugin;
  return { ...plugin, params: { ...plugin.params, ...params } };
};

function removeTrack(snapshot: ProjectSnapshot, trackId: string, order: readonly string[]) {
  const stays = (row: { readonly trackId: string }) => row.trackId !== trackId;
  return {
    ...snapshot,
    tracks: ordered(
      snapshot.tracks.filter((track) => track.id !== trackId),
      order,
    ),
    clips: snapshot.clips.filter(stays),
    plugins: snapshot.plugins.filter(stays),
  };
}

function effectOf(snapshot: ProjectSnapshot, { kind, payload }: Operation): ProjectSnapshot {
  const { project, tracks, clips, plugins } = snapshot;
  switch (kind) {
    case 'project.update':
      return { ...snapshot, project: patched(project, payload.patch) };
    case 'track.add':
      return {
        ...snapshot,
        tracks: ordered(
          [...tracks.filter((track) => track.id !== payload.track.id), payload.track],
          payload.order,
        ),
      };
    case 'track.update': {
      // Without the position: a whole order says it better.
      const { position: _, ...patch } = payload.patch as Partial<Track>;
      const changed = change(tracks, payload.trackId, (track) => patched(track, patch));
      return { ...snapshot, tracks: payload.order ? ordered(changed, payload.order) : changed };
    }
    case 'track.remove':
      return removeTrack(snapshot, payload.trackId, payload.order);
    case 'clip.add':
      return {
        ...snapshot,
        clips: inClipOrder([...clips.filter(({ id }) => id !== payload.clip.id), payload.clip]),
      };
    case 'clip.update':
      return {
        ...snapshot,
        clips: inClipOrder(
          change(clips, payload.clipId, (clip) => patched<Clip>(clip, payload.patch)),
        ),
      };
    case 'clip.remove':
      return { ...snapshot, clips: clips.filter((clip) => clip.id !== payload.clipId) };
    case 'plugin.add': {
      // What the state says is the server's alone; a new plugin has none.
      const { hasState: _, ...plugin } = payload.plugin;
      const others = plugins.filter((other) => other.id !== plugin.id);
      return {
        ...snapshot,
        plugins: chained([...others, { ...plugin, state: null }], payload.chains),
      };
    }
    case 'plugin.params':
      return {
        ...snapshot,
        plugins: change(plugins, payload.pluginId, (plugin) =>
          withParams(plugin, payload.patch.params),
        ),
      };
    case 'plugin.update': {
      const { params, ...patch } = payload.patch;
      return {
        ...snapshot,
        plugins: change(plugins, payload.pluginId, (plugin) =>
          withParams(patched<PluginSlot>(plugin, patch), params),
        ),
      };
    }
    case 'plugin.move':
      return { ...snapshot, plugins: chained(plugins, payload.chains) };
    case 'plugin.remove':
      return {
        ...snapshot,
        plugins: chained(
          plugins.filter((plugin) => plugin.id !== payload.pluginId),
          payload.chains,
        ),
      };
  }
}

/**
 * The project after an operation of its log. Operations come in order of seq: one that the snapshot has already changes
 * nothing, and gives the same snapshot. Total: what an operation speaks of may be gone. Rows that it does not touch are
 * the same objects as before.
 */
export function applyOperation(snapshot: ProjectSnapshot, operation: Operation): ProjectSnapshot {
  if (operation.seq <= snapshot.project.seq) return snapshot;
  const after = effectOf(snapshot, operation);
  return { ...after, project: { ...after.project, seq: operation.seq } };
}
