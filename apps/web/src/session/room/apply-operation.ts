import type { ChainOrder, Operation, PluginSlot } from '@mixdown/contract';
import type { z } from 'zod';
import type { ProjectState } from '../project-state.ts';

type Chains = readonly z.infer<typeof ChainOrder>[];
type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>['payload'];
type Rows<T> = Readonly<Record<string, T>>;

const without = <T>(rows: Rows<T>, gone: (id: string, row: T) => boolean): Rows<T> =>
  Object.fromEntries(Object.entries(rows).filter(([id, row]) => !gone(id, row)));

/** Fields that are given as undefined do not count. */
const withPatch = <T extends object>(row: T, patch: { [K in keyof T]?: T[K] | undefined }): T => ({
  ...row,
  ...(Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as Partial<T>),
});

function withRow<K extends 'tracks' | 'clips' | 'plugins'>(
  state: ProjectState,
  table: K,
  id: string,
  change: (row: ProjectState[K][string]) => ProjectState[K][string],
): ProjectState {
  const row = state[table][id] as ProjectState[K][string] | undefined;
  return row ? { ...state, [table]: { ...state[table], [id]: change(row) } } : state;
}

/** Orders come whole; what they name and the page does not have (or the other way round) does not count. */
function withChains(state: ProjectState, orders: Chains): ProjectState {
  const chains = { ...state.chains };
  const plugins: Record<string, PluginSlot> = { ...state.plugins };
  for (const { trackId, pluginIds } of orders) {
    if (!state.tracks[trackId]) continue;
    chains[trackId] = pluginIds.filter((id) => plugins[id]);
    for (const id of chains[trackId]) {
      const slot = plugins[id];
      if (slot && slot.trackId !== trackId) plugins[id] = { ...slot, trackId };
    }
  }
  return { ...state, chains, plugins };
}

/** Tracks that the order does not name keep theirs, behind the others. */
function withOrder(state: ProjectState, order: readonly string[] | undefined): ProjectState {
  if (!order) return state;
  const named = order.filter((id) => state.tracks[id]);
  const rest = state.trackOrder.filter((id) => !named.includes(id));
  return { ...state, trackOrder: [...named, ...rest] };
}

function addTrack(state: ProjectState, { track, order }: Of<'track.add'>): ProjectState {
  const tracks = { ...state.tracks, [track.id]: track };
  const chains = { ...state.chains, [track.id]: state.chains[track.id] ?? [] };
  const trackOrder = state.tracks[track.id] ? state.trackOrder : [...state.trackOrder, track.id];
  return withOrder({ ...state, tracks, chains, trackOrder }, order);
}

function removeTrack(state: ProjectState, { trackId, order }: Of<'track.remove'>): ProjectState {
  if (!state.tracks[trackId]) return withOrder(state, order);
  const next = {
    ...state,
    trackOrder: state.trackOrder.filter((id) => id !== trackId),
    tracks: without(state.tracks, (id) => id === trackId),
    clips: without(state.clips, (_id, clip) => clip.trackId === trackId),
    plugins: without(state.plugins, (_id, slot) => slot.trackId === trackId),
    chains: without(state.chains, (id) => id === trackId),
  };
  return withOrder(next, order);
}

function addPlugin(state: ProjectState, { plugin, chains }: Of<'plugin.add'>): ProjectState {
  const { hasState: _hasState, ...slot } = plugin;
  if (state.plugins[slot.id] || !state.tracks[slot.trackId]) return withChains(state, chains);
  // The opaque state is not in the log: whoever needs it reads the project.
  const plugins = { ...state.plugins, [slot.id]: { ...slot, state: null } };
  return withChains({ ...state, plugins }, chains);
}

function removePlugin(state: ProjectState, payload: Of<'plugin.remove'>): ProjectState {
  const plugins = without(state.plugins, (id) => id === payload.pluginId);
  return withChains({ ...state, plugins }, payload.chains);
}

/** A plugin's own values; the others' rows stay as they are. */
function updatePlugin(state: ProjectState, { pluginId, patch }: Of<'plugin.update'>): ProjectState {
  return withRow(state, 'plugins', pluginId, (slot) => ({
    ...slot,
    ...(patch.bypassed !== undefined && { bypassed: patch.bypassed }),
    ...(patch.mix !== undefined && { mix: patch.mix }),
    ...(patch.params && { params: { ...slot.params, ...patch.params } }),
  }));
}

function applied(state: ProjectState, op: Operation): ProjectState {
  switch (op.kind) {
    case 'plugin.params':
    case 'plugin.update':
      return updatePlugin(state, op.payload);
    case 'project.update':
      return { ...state, project: withPatch(state.project, op.payload.patch) };
    case 'track.add':
      return addTrack(state, op.payload);
    case 'track.update': {
      const { trackId, patch, order } = op.payload;
      return withOrder(
        withRow(state, 'tracks', trackId, (row) => withPatch(row, patch)),
        order,
      );
    }
    case 'track.remove':
      return removeTrack(state, op.payload);
    case 'clip.add': {
      const { clip } = op.payload;
      return { ...state, clips: { ...state.clips, [clip.id]: clip } };
    }
    case 'clip.update': {
      const { clipId, patch } = op.payload;
      return withRow(state, 'clips', clipId, (row) => withPatch(row, patch));
    }
    case 'clip.remove':
      return { ...state, clips: without(state.clips, (id) => id === op.payload.clipId) };
    case 'plugin.add':
      return addPlugin(state, op.payload);
    case 'plugin.move':
      return withChains(state, op.payload.chains);
    case 'plugin.remove':
      return removePlugin(state, op.payload);
  }
}

/**
 * The state after one operation of the project's log, the same as `applyOperation` of the core on its snapshot. Rows
 * that it does not concern stay the same objects.
 */
export function applyOperation(state: ProjectState, op: Operation): ProjectState {
  if (op.seq <= state.project.seq) return state;
  const next = applied(state, op);
  return { ...next, project: { ...next.project, seq: op.seq } };
}
