import type { CatalogEntry } from '@mixdown/contract';
import { nameFromId } from '../plugin-name.ts';
import type { ProjectState } from '../project-state.ts';
import type { Edit, PluginPatch } from './edit.ts';

type EntryOf = (catalogId: string) => CatalogEntry | undefined;

function describePatch(patch: PluginPatch, entry: CatalogEntry | undefined, name: string): string {
  if (patch.bypassed !== undefined) return patch.bypassed ? `bypass ${name}` : `switch on ${name}`;
  if (patch.mix !== undefined) return `wet/dry of ${name}`;
  const ids = Object.keys(patch.params ?? {});
  const label = entry?.parameters.find((p) => p.id === ids[0])?.label ?? 'parameters';
  return `${ids.length > 1 ? 'parameters' : label} of ${name}`;
}

const TRACK_FIELDS: Readonly<Record<string, string>> = {
  name: 'rename',
  color: 'colour of',
  gainDb: 'level of',
  pan: 'pan of',
  muted: 'mute of',
  soloed: 'solo of',
};

/** An edit in a few words, as they stand behind "Undo": "cutoff of Filter", "remove Echo". */
export function describeEdit(edit: Edit, state: ProjectState, entryOf: EntryOf): string {
  const pluginName = (id: string) => {
    const catalogId = state.plugins[id]?.catalogId ?? '';
    return entryOf(catalogId)?.name ?? nameFromId(catalogId);
  };
  const trackName = (id: string) => state.tracks[id]?.name ?? 'track';
  switch (edit.kind) {
    case 'project.set':
      return edit.patch.tempo === undefined ? 'rename project' : 'tempo';
    case 'track.add':
      return `add ${edit.whole.track.name}`;
    case 'track.remove':
      return `delete ${trackName(edit.trackId)}`;
    case 'track.set': {
      const field = TRACK_FIELDS[Object.keys(edit.patch)[0] ?? ''] ?? 'change';
      return `${field} ${trackName(edit.trackId)}`;
    }
    case 'track.move':
      return `move ${trackName(edit.trackId)}`;
    case 'clip.add':
      return 'add clip';
    case 'clip.remove':
      return 'delete clip';
    case 'clip.set':
      return 'move clip';
    case 'plugin.add':
      return `add ${entryOf(edit.slot.catalogId)?.name ?? nameFromId(edit.slot.catalogId)}`;
    case 'plugin.remove':
      return `remove ${pluginName(edit.pluginId)}`;
    case 'plugin.set':
      return describePatch(
        edit.patch,
        entryOf(state.plugins[edit.pluginId]?.catalogId ?? ''),
        pluginName(edit.pluginId),
      );
    case 'plugin.move':
      return `move ${pluginName(edit.pluginId)}`;
  }
}
