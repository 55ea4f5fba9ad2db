import type { Edit } from './edit.ts';

/**
 * What an edit depends on or changes, as opaque keys. Two edits without a common key may be sent at the same time and
 * answered in any order; two edits that share one are sent in the order in which they were made.
 */
export function touches(edit: Edit): readonly string[] {
  switch (edit.kind) {
    case 'project.set':
      return ['project'];
    case 'track.add': {
      const { track, clips, plugins } = edit.whole;
      return ['order', track.id, ...clips.map((c) => c.id), ...plugins.map((p) => p.id)];
    }
    case 'track.remove':
      return ['order', edit.trackId, ...edit.contents];
    case 'track.move':
      return ['order', edit.trackId];
    case 'track.set':
      return [edit.trackId];
    case 'clip.add':
      return [edit.clip.id, edit.clip.trackId];
    case 'clip.remove':
      return [edit.clipId];
    case 'clip.set':
      return edit.patch.trackId ? [edit.clipId, edit.patch.trackId] : [edit.clipId];
    case 'plugin.add':
      return [edit.slot.id, edit.slot.trackId, `chain:${edit.slot.trackId}`];
    case 'plugin.remove':
      return [edit.pluginId, `chain:${edit.trackId}`];
    case 'plugin.set':
      return [edit.pluginId];
    case 'plugin.move':
      return [edit.pluginId, edit.trackId, `chain:${edit.fromTrackId}`, `chain:${edit.trackId}`];
  }
}

/** Two `set` edits of one thing, the later one winning; null where they cannot be one request. */
export function mergeEdits(earlier: Edit, later: Edit): Edit | null {
  if (earlier.kind === 'project.set' && later.kind === 'project.set')
    return { ...earlier, patch: { ...earlier.patch, ...later.patch } };
  if (earlier.kind === 'track.set' && later.kind === 'track.set')
    return earlier.trackId === later.trackId
      ? { ...earlier, patch: { ...earlier.patch, ...later.patch } }
      : null;
  if (earlier.kind === 'clip.set' && later.kind === 'clip.set')
    return earlier.clipId === later.clipId
      ? { ...earlier, patch: { ...earlier.patch, ...later.patch } }
      : null;
  if (earlier.kind !== 'plugin.set' || later.kind !== 'plugin.set') return null;
  if (earlier.pluginId !== later.pluginId) return null;
  const params = { ...earlier.patch.params, ...later.patch.params };
  const patch = { ...earlier.patch, ...later.patch };
  return { ...earlier, patch: Object.keys(params).length ? { ...patch, params } : patch };
}
