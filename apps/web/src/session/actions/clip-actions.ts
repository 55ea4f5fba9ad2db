import type { ClipPatch } from '../edits/edit.ts';
import { theProject } from '../open-project.ts';
import { announce } from '../stores/announcer.ts';
import { useUi } from '../stores/ui-store.ts';
import { offerUndo, refreshLabels } from './history.ts';

/** Moves a clip in time or to another track. `final: false` while it is dragged. */
export function updateClip(id: string, patch: ClipPatch, o = { final: true }): void {
  theProject().session.set({ kind: 'clip.set', clipId: id, patch }, o);
  if (o.final) refreshLabels();
}

export function removeClip(id: string): void {
  const { session } = theProject();
  const clip = session.state().clips[id];
  if (!clip) return;
  const name = session.state().assets[clip.assetId]?.name ?? 'Clip';
  const step = session.perform([{ kind: 'clip.remove', clipId: id }]);
  refreshLabels();
  useUi.setState({ selectedClipId: null });
  announce(`${name} deleted`);
  offerUndo(`${name} deleted`, step);
}
