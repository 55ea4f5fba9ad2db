import type { Clip, PluginSlot, Track } from '@mixdown/contract';
import { insertAt, moveTo, removeFrom } from '@mixdown/core';
import type { ProjectState } from '../project-state.ts';
import type { Edit } from './edit.ts';

const without = <T>(rows: Readonly<Record<string, T>>, id: string): Record<string, T> => {
  const { [id]: _gone, ...rest } = rows;
  return rest;
};

const keepWhere = <T>(rows: Readonly<Record<string, T>>, keep: (row: T) => boolean) =>
  Object.fromEntries(Object.entries(rows).filter(([, row]) => keep(row)));

/** `row` with the fields that `patch` names; fields given as undefined do not count. */
const patched = <T extends object>(row: T, patch: Partial<T>): T => {
  const named = Object.entries(patch).filter(([, value]) => value !== undefined);
  return { ...row, ...Object.fromEntries(named) };
};

function addPlugin(state: ProjectState, slot: PluginSlot): ProjectState {
  const chain = state.chains[slot.trackId];
  if (!chain || state.plugins[slot.id]) return state;
  return {
    ...state,
    plugins: { ...state.plugins, [slot.id]: slot },
    chains: { ...state.chains, [slot.trackId]: insertAt(chain, slot.id, slot.position) },
  };
}

function movePlugin(state: ProjectState, id: string, trackId: string, position: number) {
  const plugin = state.plugins[id];
  const target = state.chains[trackId];
  if (!plugin || !target) return state;
  const from = state.chains[plugin.trackId] ?? [];
  const chains =
    plugin.trackId === trackId
      ? { ...state.chains, [trackId]: moveTo(from, id, position) }
      : {
          ...state.chains,
          [plugin.trackId]: removeFrom(from, id),
          [trackId]: insertAt(target, id, position),
        };
  return { ...state, chains, plugins: { ...state.plugins, [id]: { ...plugin, trackId } } };
}

function removeTrack(state: ProjectState, id: string): ProjectState {
  if (!state.tracks[id]) return state;
  return {
    ...state,
    trackOrder: removeFrom(state.trackOrder, id),
    tracks: without(state.tracks, id),
    clips: keepWhere(state.clips, (clip) => clip.trackId !== id),
    plugins: keepWhere(state.plugins, (plugin) => plugin.trackId !== id),
    chains: without(state.chains, id),
  };
}

/**
 * A whole track takes several requests: where a part of it is there already, the rest is added, so that it never shows
 * half of itself on its way.
 */
function addTrack(state: ProjectState, edit: Extract<Edit, { kind: 'track.add' }>): ProjectState {
  const { track, clips, plugins } = edit.whole;
  const there = state.tracks[track.id] !== undefined;
  const missing = plugins.filter((slot) => !state.plugins[slot.id]);
  const chain = missing.reduce<readonly string[]>(
    (ids, slot) => insertAt(ids, slot.id, plugins.indexOf(slot)),
    state.chains[track.id] ?? [],
  );
  return {
    ...state,
    trackOrder: there ? state.trackOrder : insertAt(state.trackOrder, track.id, track.position),
    tracks: { ...state.tracks, [track.id]: track },
    clips: { ...Object.fromEntries(clips.map((clip) => [clip.id, clip])), ...state.clips },
    plugins: { ...state.plugins, ...Object.fromEntries(missing.map((slot) => [slot.id, slot])) },
    chains: { ...state.chains, [track.id]: chain },
  };
}

/** The state after `edit`. Total: an edit whose target has gone leaves the state as it is. */
export function applyEdit(state: ProjectState, edit: Edit): ProjectState {
  switch (edit.kind) {
    case 'project.set':
      return { ...state, project: patched(state.project, edit.patch) };
    case 'track.add':
      return addTrack(state, edit);
    case 'track.remove':
      return removeTrack(state, edit.trackId);
    case 'track.set': {
      const track = state.tracks[edit.trackId];
      if (!track) return state;
      const next = patched(track, edit.patch as Partial<Track>);
      return { ...state, tracks: { ...state.tracks, [edit.trackId]: next } };
    }
    case 'track.move':
      return { ...state, trackOrder: moveTo(state.trackOrder, edit.trackId, edit.position) };
    case 'clip.add':
      if (!state.tracks[edit.clip.trackId] || state.clips[edit.clip.id]) return state;
      return { ...state, clips: { ...state.clips, [edit.clip.id]: edit.clip } };
    case 'clip.remove':
      return { ...state, clips: without(state.clips, edit.clipId) };
    case 'clip.set': {
      const clip = state.clips[edit.clipId];
      if (!clip) return state;
      const next = patched<Clip>(clip, edit.patch);
      return { ...state, clips: { ...state.clips, [edit.clipId]: next } };
    }
    case 'plugin.add':
      return addPlugin(state, edit.slot);
    case 'plugin.remove': {
      const plugin = state.plugins[edit.pluginId];
      if (!plugin) return state;
      const chain = removeFrom(state.chains[plugin.trackId] ?? [], edit.pluginId);
      return {
        ...state,
        plugins: without(state.plugins, edit.pluginId),
        chains: { ...state.chains, [plugin.trackId]: chain },
      };
    }
    case 'plugin.set': {
      const plugin = state.plugins[edit.pluginId];
      if (!plugin) return state;
      const params = edit.patch.params ? { ...plugin.params, ...edit.patch.params } : plugin.params;
      const next = patched(plugin, { ...edit.patch, params } as Partial<PluginSlot>);
      return { ...state, plugins: { ...state.plugins, [edit.pluginId]: next } };
    }
    case 'plugin.move':
      return movePlugin(state, edit.pluginId, edit.trackId, edit.position);
  }
}
