import type { Track } from '@mixdown/contract';
import { GripVertical } from 'lucide-react';
import { useState } from 'react';
import { actions, readMeter, useCanEdit, useUi } from '../../session/index.ts';
import { Knob } from '../../ui/values/knob.tsx';
import { Meter } from '../../ui/values/meter.tsx';
import { Slider } from '../../ui/values/slider.tsx';
import {
  formatGain,
  formatPan,
  GAIN_SPEC,
  PAN_SPEC,
  parsePan,
  speakGain,
  speakPan,
} from '../../ui/values/value-spec.ts';
import { SlotDropZone } from '../chain/slot-drop-zone.tsx';
import { LookMarkers } from '../together/look-markers.tsx';
import { parseGain } from './parse-gain.ts';
import { TrackMenu } from './track-menu.tsx';
import { TrackName } from './track-name.tsx';
import { TrackToggle } from './track-toggle.tsx';
import styles from './tracks.module.css';
import { useTrackReorder } from './use-track-reorder.ts';

/** Name, mute, solo, level, pan and meter of one track, left of its lane. */
export function TrackHeader({ track, index }: { readonly track: Track; readonly index: number }) {
  const canEdit = useCanEdit();
  const selected = useUi((s) => s.selectedTrackId === track.id);
  const [renaming, setRenaming] = useState(false);
  const { rowRef, handleRef, edge, dragging } = useTrackReorder(track.id, index, canEdit);
  const select = () => {
    if (!selected) useUi.setState({ selectedTrackId: track.id, selectedPluginId: null });
  };
  const locked = canEdit ? undefined : 'You may listen to this project, not change it';

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and no way to select it
    <div
      ref={rowRef}
      role="group"
      aria-label={`Track ${index + 1}, ${track.name}`}
      className={styles.header}
      data-testid={`track-${index}`}
      data-track-id={track.id}
      data-track-color={track.color}
      data-selected={selected || undefined}
      data-dragging={dragging || undefined}
      data-edge={edge}
      onPointerDown={select}
      onFocus={select}
    >
      <div className={styles.color} />
      <button
        ref={handleRef}
        type="button"
        className={styles.handle}
        aria-label={`Move ${track.name}`}
        aria-describedby="track-keys"
        disabled={!canEdit}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
          if (!step) return;
          event.preventDefault();
          event.stopPropagation();
          actions.moveTrack(track.id, index + step);
        }}
      >
        <GripVertical size={13} aria-hidden />
      </button>
      <div className={styles.body}>
        <div className={styles.top}>
          <LookMarkers at={{ trackId: track.id }} />
          <TrackName track={track} renaming={renaming} onRename={setRenaming} canEdit={canEdit} />
          <TrackToggle
            label={`Mute ${track.name}`}
            letter="M"
            tone="mute"
            pressed={track.muted}
            disabled={!canEdit}
            onClick={() => actions.updateTrack(track.id, { muted: !track.muted })}
          />
          <TrackToggle
            label={`Solo ${track.name}`}
            letter="S"
            tone="solo"
            pressed={track.soloed}
            disabled={!canEdit}
            onClick={() => actions.updateTrack(track.id, { soloed: !track.soloed })}
          />
          <TrackMenu track={track} canEdit={canEdit} onRename={() => setRenaming(true)} />
        </div>
        <div className={styles.mix}>
          <Slider
            className={styles.fader}
            spec={GAIN_SPEC}
            value={track.gainDb}
            label={`Level, ${track.name}`}
            format={formatGain}
            speak={speakGain}
            parse={parseGain}
            showValue
            locked={locked}
            testId={`gain-${index}`}
            onChange={(gainDb, o) => actions.updateTrack(track.id, { gainDb }, o)}
          />
          <div className={styles.pan}>
            <Knob
              size="sm"
              caption=""
              hideValue
              spec={PAN_SPEC}
              value={track.pan}
              label={`Pan, ${track.name}`}
              format={formatPan}
              speak={speakPan}
              parse={parsePan}
              locked={locked}
              testId={`pan-${index}`}
              onChange={(pan, o) => actions.updateTrack(track.id, { pan }, o)}
            />
          </div>
        </div>
      </div>
      <Meter
        className={styles.meter}
        label={`Level of ${track.name}`}
        read={() => readMeter(track.id)}
      />
      <SlotDropZone trackId={track.id} />
    </div>
  );
}
