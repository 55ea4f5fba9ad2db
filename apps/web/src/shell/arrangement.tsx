import { AudioLines, Maximize, Plus, Upload, ZoomIn, ZoomOut } from 'lucide-react';
import { useRef } from 'react';
import { Lane } from '../features/timeline/lane.tsx';
import { pickAudioFiles } from '../features/timeline/pick-audio-files.ts';
import { Playhead } from '../features/timeline/playhead.tsx';
import { Ruler } from '../features/timeline/ruler.tsx';
import { TimeScrollbar } from '../features/timeline/time-scrollbar.tsx';
import { useFileDrop } from '../features/timeline/use-file-drop.ts';
import { useTimelineView } from '../features/timeline/use-timeline-view.ts';
import { zoomBy, zoomFit } from '../features/timeline/view-store.ts';
import { TrackHeader } from '../features/tracks/track-header.tsx';
import { actions, useCanEdit, useProject } from '../session/index.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import styles from './arrangement.module.css';
import { UploadList } from './upload-list.tsx';

const ZOOM_STEP = 1.5;

const addAudio = () => void pickAudioFiles().then((files) => actions.uploadFiles(files));

function AddButtons() {
  return (
    <>
      <Button
        size="sm"
        icon={<Plus size={14} aria-hidden />}
        onClick={() => actions.addTrack()}
        data-testid="add-track"
      >
        Track
      </Button>
      <Button
        size="sm"
        icon={<Upload size={14} aria-hidden />}
        onClick={addAudio}
        data-testid="add-audio"
      >
        Add audio
      </Button>
    </>
  );
}

function EmptyProject() {
  return (
    <EmptyState
      className={styles.empty}
      icon={<AudioLines size={24} aria-hidden />}
      title="Start with some audio"
      actions={<AddButtons />}
    >
      Drop WAV, FLAC, MP3 or Ogg files here, or add an empty track.
    </EmptyState>
  );
}

function ZoomBar() {
  return (
    <div className={styles.zoom}>
      <IconButton size="sm" label="Zoom out" shortcut="-" onClick={() => zoomBy(1 / ZOOM_STEP)}>
        <ZoomOut size={14} aria-hidden />
      </IconButton>
      <IconButton size="sm" label="Zoom in" shortcut="Plus" onClick={() => zoomBy(ZOOM_STEP)}>
        <ZoomIn size={14} aria-hidden />
      </IconButton>
      <IconButton size="sm" label="Whole song" shortcut="F" onClick={zoomFit}>
        <Maximize size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Track headers on the left, their lanes on the right, time above. */
export function Arrangement() {
  const area = useRef<HTMLElement>(null);
  const rulerBox = useRef<HTMLDivElement>(null);
  const trackOrder = useProject((s) => s.trackOrder);
  const tracks = useProject((s) => s.tracks);
  const canEdit = useCanEdit();
  const { target, handlers } = useFileDrop();
  useTimelineView(area, rulerBox);

  return (
    <section
      ref={area}
      className={styles.arrangement}
      aria-label="Arrangement"
      data-drop={target ? '' : undefined}
      {...handlers}
    >
      <VisuallyHidden id="clip-keys">
        Arrow left and right move it by a beat, with Alt by 10 milliseconds; Alt and arrow up or
        down move it to another track; Delete removes it.
      </VisuallyHidden>
      <VisuallyHidden id="track-keys">
        Arrow up and down move the track along the list.
      </VisuallyHidden>
      <div className={styles.scroller}>
        <div className={styles.content}>
          <div className={styles.topRow}>
            <div className={styles.corner}>{canEdit && <AddButtons />}</div>
            <div ref={rulerBox} className={styles.rulerBox}>
              <Ruler />
              <Playhead part="mark" />
            </div>
          </div>
          {trackOrder.map((id, index) => {
            const track = tracks[id];
            return (
              track && (
                <div
                  key={id}
                  className={styles.row}
                  data-drop={target?.trackId === id ? '' : undefined}
                >
                  <TrackHeader track={track} index={index} />
                  <Lane track={track} />
                </div>
              )
            );
          })}
          {trackOrder.length === 0 && <EmptyProject />}
          <UploadList />
          {target?.trackId === null && (
            <div className={styles.dropHint}>Drop to add a track for each file</div>
          )}
          <div className={styles.playheadBox} aria-hidden="true">
            <Playhead part="line" />
          </div>
        </div>
      </div>
      <div className={styles.bottomRow}>
        <ZoomBar />
        <TimeScrollbar />
      </div>
    </section>
  );
}
