import type { ParamValues } from '@mixdown/contract';
import type { ProjectState } from '../project-state.ts';
import type { Edit } from './edit.ts';

/** Id of the row that an edit is about. */
export const idOf = (edit: Edit): string => {
  switch (edit.kind) {
    case 'project.set':
      return 'project';
    case 'track.add':
      return edit.whole.track.id;
    case 'track.remove':
    case 'track.set':
    case 'track.move':
      return edit.trackId;
    case 'clip.add':
      return edit.clip.id;
    case 'clip.remove':
    case 'clip.set':
      return edit.clipId;
    case 'plugin.add':
      return edit.slot.id;
    default:
      return edit.pluginId;
  }
};

/** Whether both edits are about the same row. */
export const sameTarget = (a: Edit, b: Edit): boolean => idOf(a) === idOf(b);

/** Whether what an edit needs is (still) in the project. */
export function targetExists(state: ProjectState, edit: Edit): boolean {
  switch (edit.kind) {
    case 'project.set':
      return true;
    case 'track.add':
      return state.tracks[edit.whole.track.id] === undefined;
    case 'track.remove':
    case 'track.set':
    case 'track.move':
      return state.tracks[edit.trackId] !== undefined;
    case 'clip.add':
      return state.tracks[edit.clip.trackId] !== undefined;
    case 'clip.set': {
      const { trackId } = edit.patch;
      const there = trackId === undefined || state.tracks[trackId] !== undefined;
      return there && state.clips[edit.clipId] !== undefined;
    }
    case 'clip.remove':
      return state.clips[edit.clipId] !== undefined;
    case 'plugin.add':
      return state.tracks[edit.slot.trackId] !== undefined;
    case 'plugin.move':
      return state.plugins[edit.pluginId] !== undefined && state.tracks[edit.trackId] !== undefined;
    default:
      return state.plugins[edit.pluginId] !== undefined;
  }
}

type ParamsEdit = Extract<Edit, { kind: 'plugin.set' }> & {
  readonly patch: { readonly params: ParamValues };
};

/** Whether an edit sets parameters of a plugin. */
export const setsParams = (edit: Edit): edit is ParamsEdit =>
  edit.kind === 'plugin.set' && edit.patch.params !== undefined;

/** Whether it sets one of these. */
export const setsAnyOf = (edit: Edit, pluginId: string, params: ParamValues): boolean =>
  setsParams(edit) &&
  edit.pluginId === pluginId &&
  Object.keys(edit.patch.params).some((id) => params[id] !== undefined);

/** The plugins that an edit may change only while nobody else holds them; moving one is always allowed. */
export function needsHold(edit: Edit): readonly string[] {
  if (edit.kind === 'plugin.set' || edit.kind === 'plugin.remove') return [edit.pluginId];
  return edit.kind === 'track.remove' ? edit.contents : [];
}
