import type { ProjectState } from '../project-state.ts';
import type { Edit } from './edit.ts';

/** Those fields of `row` that `patch` names, as they stand now. */
const before = <T extends object>(row: T, patch: object): Partial<T> =>
  Object.fromEntries(
    Object.keys(patch).map((key) => [key, row[key as keyof T]]),
  ) as unknown as Partial<T>;

/** The edit that takes `edit` back, seen from the state before it; null where there is nothing to take back. */
export function invertEdit(state: ProjectState, edit: Edit): Edit | null {
  switch (edit.kind) {
    case 'project.set':
      return { kind: 'project.set', patch: before(state.project, edit.patch) };
    case 'track.add': {
      const { track, clips, plugins } = edit.whole;
      const contents = [...clips, ...plugins].map((row) => row.id);
      return { kind: 'track.remove', trackId: track.id, contents };
    }
    case 'track.remove': {
      const track = state.tracks[edit.trackId];
      if (!track) return null;
      const clips = Object.values(state.clips).filter((clip) => clip.trackId === edit.trackId);
      const plugins = (state.chains[edit.trackId] ?? []).flatMap((id) => state.plugins[id] ?? []);
      const position = state.trackOrder.indexOf(edit.trackId);
      return { kind: 'track.add', whole: { track: { ...track, position }, clips, plugins } };
    }
    case 'track.set': {
      const track = state.tracks[edit.trackId];
      return track
        ? { kind: edit.kind, trackId: track.id, patch: before(track, edit.patch) }
        : null;
    }
    case 'track.move': {
      const position = state.trackOrder.indexOf(edit.trackId);
      return position < 0 ? null : { ...edit, position };
    }
    case 'clip.add':
      return { kind: 'clip.remove', clipId: edit.clip.id };
    case 'clip.remove': {
      const clip = state.clips[edit.clipId];
      return clip ? { kind: 'clip.add', clip } : null;
    }
    case 'clip.set': {
      const clip = state.clips[edit.clipId];
      return clip ? { kind: edit.kind, clipId: clip.id, patch: before(clip, edit.patch) } : null;
    }
    case 'plugin.add':
      return { kind: 'plugin.remove', pluginId: edit.slot.id, trackId: edit.slot.trackId };
    case 'plugin.remove': {
      const slot = state.plugins[edit.pluginId];
      if (!slot) return null;
      const position = (state.chains[slot.trackId] ?? []).indexOf(slot.id);
      return { kind: 'plugin.add', slot: { ...slot, position } };
    }
    case 'plugin.set': {
      const slot = state.plugins[edit.pluginId];
      if (!slot) return null;
      const { params, ...rest } = edit.patch;
      return {
        kind: edit.kind,
        pluginId: slot.id,
        patch: { ...before(slot, rest), ...(params && { params: before(slot.params, params) }) },
      } as Edit;
    }
    case 'plugin.move': {
      const slot = state.plugins[edit.pluginId];
      if (!slot) return null;
      return {
        kind: edit.kind,
        pluginId: slot.id,
        fromTrackId: edit.trackId,
        trackId: slot.trackId,
        position: (state.chains[slot.trackId] ?? []).indexOf(slot.id),
      };
    }
  }
}
