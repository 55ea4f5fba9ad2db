import { zoomBy, zoomFit } from '../features/timeline/view-store.ts';
import { actions, openBrowser, useOpenProject, useUi } from '../session/index.ts';

export interface Shortcut {
  /** As `Kbd` prints them: `Mod` is ⌘ on Apple's machines and Ctrl elsewhere. */
  readonly keys: string;
  readonly label: string;
  readonly group: 'Playback' | 'Editing' | 'View';
  readonly run: () => void;
}

const ZOOM_STEP = 1.4;

const selectedTrack = () => {
  const id = useUi.getState().selectedTrackId;
  return id ? useOpenProject.getState().state?.tracks[id] : undefined;
};

function toggle(field: 'muted' | 'soloed'): void {
  const track = selectedTrack();
  if (track) actions.updateTrack(track.id, { [field]: !track[field] });
}

/** Every key that works wherever one is; those of a knob, a clip or a slot belong to it. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ' ', label: 'Play or pause', group: 'Playback', run: () => void actions.togglePlay() },
  { keys: 'Home', label: 'Back to start', group: 'Playback', run: () => actions.seek(0) },
  { keys: 'M', label: 'Mute the selected track', group: 'Playback', run: () => toggle('muted') },
  { keys: 'S', label: 'Solo the selected track', group: 'Playback', run: () => toggle('soloed') },
  { keys: 'Mod+K', label: 'Add an effect', group: 'Editing', run: () => openBrowser(null) },
  { keys: 'Mod+Z', label: 'Undo', group: 'Editing', run: () => actions.undo() },
  { keys: 'Mod+Shift+Z', label: 'Redo', group: 'Editing', run: () => actions.redo() },
  { keys: 'T', label: 'Add a track', group: 'Editing', run: () => void actions.addTrack() },
  {
    keys: 'Mod+E',
    label: 'Export',
    group: 'Editing',
    run: () => useUi.setState({ exportOpen: true }),
  },
  { keys: 'Plus', label: 'Zoom in', group: 'View', run: () => zoomBy(ZOOM_STEP) },
  { keys: '-', label: 'Zoom out', group: 'View', run: () => zoomBy(1 / ZOOM_STEP) },
  { keys: 'F', label: 'Whole song', group: 'View', run: zoomFit },
  {
    keys: '?',
    label: 'This list',
    group: 'View',
    run: () => useUi.setState({ shortcutsOpen: true }),
  },
];

/** Editing keys do nothing where one may only listen. */
export const EDITING = new Set(['M', 'S', 'Mod+K', 'Mod+Z', 'Mod+Shift+Z', 'T']);
