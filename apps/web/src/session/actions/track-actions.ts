import { MAX_TRACKS, TRACK_COLORS, type Track } from '@mixdown/contract';
import type { TrackPatch, WholeTrack } from '../edits/edit.ts';
import { theProject } from '../open-project.ts';
import type { ProjectState } from '../project-state.ts';
import { announce } from '../stores/announcer.ts';
import { toast } from '../stores/toasts.ts';
import { useUi } from '../stores/ui-store.ts';
import { offerUndo, refreshLabels } from './history.ts';

/** The colour that the fewest tracks have, in the order of the palette. */
export function nextColor(state: ProjectState): Track['color'] {
  const uses = (color: Track['color']) =>
    Object.values(state.tracks).filter((track) => track.color === color).length;
  return [...TRACK_COLORS].sort((a, b) => uses(a) - uses(b))[0] ?? 'slate';
}

export function newTrack(state: ProjectState, name?: string): Track {
  return {
    id: crypto.randomUUID(),
    projectId: state.project.id,
    name: name ?? `Track ${state.trackOrder.length + 1}`,
    position: state.trackOrder.length,
    color: nextColor(state),
    gainDb: 0,
    pan: 0,
    muted: false,
    soloed: false,
  };
}

/** Whether another track fits; says so where it does not. */
export function roomForTrack(): boolean {
  if (theProject().session.state().trackOrder.length < MAX_TRACKS) return true;
  const detail = `A project holds ${MAX_TRACKS} tracks. Delete one first.`;
  toast({ tone: 'warning', title: 'No room for another track', detail });
  return false;
}

export function addTrack(o: { name?: string } = {}): string | null {
  if (!roomForTrack()) return null;
  const { session } = theProject();
  const track = newTrack(session.state(), o.name);
  session.perform([{ kind: 'track.add', whole: { track, clips: [], plugins: [] } }]);
  refreshLabels();
  useUi.setState({ selectedTrackId: track.id, selectedPluginId: null });
  announce(`${track.name} added`);
  return track.id;
}

function wholeTrack(state: ProjectState, track: Track): WholeTrack {
  return {
    track: { ...track, position: state.trackOrder.indexOf(track.id) },
    clips: Object.values(state.clips).filter((clip) => clip.trackId === track.id),
    plugins: (state.chains[track.id] ?? []).flatMap((id) => state.plugins[id] ?? []),
  };
}

export function removeTrack(id: string): void {
  const { session } = theProject();
  const state = session.state();
  const track = state.tracks[id];
  if (!track) return;
  const { clips, plugins } = wholeTrack(state, track);
  const contents = [...clips, ...plugins].map((row) => row.id);
  const at = state.trackOrder.indexOf(id);
  const step = session.perform([{ kind: 'track.remove', trackId: id, contents }]);
  refreshLabels();
  const { trackOrder } = session.state();
  useUi.setState({
    selectedTrackId: trackOrder[Math.min(at, trackOrder.length - 1)] ?? null,
    selectedPluginId: null,
  });
  announce(`${track.name} deleted`);
  offerUndo(`${track.name} deleted`, step);
}

/** The same clips and effects again on a new track below. */
export function duplicateTrack(id: string): string | null {
  const { session } = theProject();
  const state = session.state();
  const track = state.tracks[id];
  if (!track || !roomForTrack()) return null;
  const whole = wholeTrack(state, track);
  const trackId = crypto.randomUUID();
  const copy = <T extends { id: string }>(row: T) => ({ ...row, id: crypto.randomUUID(), trackId });
  const position = whole.track.position + 1;
  const edit = {
    kind: 'track.add',
    whole: {
      track: { ...whole.track, id: trackId, name: `${track.name} copy`.slice(0, 120), position },
      clips: whole.clips.map(copy),
      plugins: whole.plugins.map(copy),
    },
  } as const;
  session.perform([edit], `duplicate ${track.name}`);
  refreshLabels();
  useUi.setState({ selectedTrackId: trackId, selectedPluginId: null });
  return trackId;
}

/** `final: false` while a hand is still on a fader. */
export function updateTrack(id: string, patch: TrackPatch, o = { final: true }): void {
  theProject().session.set({ kind: 'track.set', trackId: id, patch }, o);
  if (o.final) refreshLabels();
}

export function moveTrack(id: string, position: number): void {
  const { session } = theProject();
  const { trackOrder, tracks } = session.state();
  const to = Math.max(0, Math.min(position, trackOrder.length - 1));
  if (trackOrder.indexOf(id) === to) return;
  session.perform([{ kind: 'track.move', trackId: id, position: to }]);
  refreshLabels();
  announce(`${tracks[id]?.name} moved to ${to + 1} of ${trackOrder.length}`);
}
