import type { Clip } from '@mixdown/contract';
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { actions, announce, useCanEdit, useProject, useUi } from '../../session/index.ts';
import { DRAG_THRESHOLD_PX, draggedStart, nudgedStart } from './clip-drag.ts';
import { formatTime, speakBars } from './format-position.ts';
import styles from './timeline.module.css';
import { useTimeline } from './view-store.ts';

/** The track whose lane lies under a point of the window. */
const trackAt = (x: number, y: number): string | null =>
  document
    .elementsFromPoint(x, y)
    .map((element) => element.closest<HTMLElement>('[data-lane]')?.dataset.lane)
    .find((id) => id !== undefined) ?? null;

interface Drag {
  readonly x: number;
  readonly startFrame: number;
  readonly trackId: string;
  moved: boolean;
}

/** What can be taken hold of on a clip: by pointer to drag, by keyboard to move and delete. The canvas draws it. */
export function ClipHandle({ clip }: { readonly clip: Clip }) {
  const project = useProject((s) => s.project);
  const asset = useProject((s) => s.assets[clip.assetId]);
  const trackOrder = useProject((s) => s.trackOrder);
  const trackName = useProject((s) => s.tracks[clip.trackId]?.name ?? '');
  const canEdit = useCanEdit();
  const drag = useRef<Drag | null>(null);
  const { sampleRate, tempo } = project;
  const start = clip.startFrame / sampleRate;
  const length = clip.lengthFrames / sampleRate;

  const place = (event: PointerEvent, final: boolean) => {
    const from = drag.current;
    if (!from) return;
    const dx = event.clientX - from.x;
    from.moved ||= Math.abs(dx) >= DRAG_THRESHOLD_PX;
    if (!from.moved) return;
    const { pixelsPerSecond } = useTimeline.getState();
    const snapToBeat = !event.altKey;
    const options = { dx, pixelsPerSecond, sampleRate, tempo, snapToBeat };
    const trackId = trackAt(event.clientX, event.clientY) ?? from.trackId;
    const startFrame = draggedStart(from.startFrame, options);
    const moved = startFrame !== clip.startFrame || trackId !== clip.trackId;
    if (moved || final) actions.updateClip(clip.id, { startFrame, trackId }, { final });
  };

  const cancel = () => {
    const from = drag.current;
    drag.current = null;
    if (!from?.moved) return;
    const { startFrame, trackId } = from;
    actions.updateClip(clip.id, { startFrame, trackId }, { final: true });
  };

  const toTrack = (direction: 1 | -1) => {
    const trackId = trackOrder[trackOrder.indexOf(clip.trackId) + direction];
    if (trackId) actions.updateClip(clip.id, { startFrame: clip.startFrame, trackId });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && drag.current) return cancel();
    if (!canEdit || event.ctrlKey || event.metaKey) return;
    const across = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const down = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Delete' || event.key === 'Backspace') actions.removeClip(clip.id);
    else if (across !== 0) {
      const startFrame = nudgedStart(clip, across, { fine: event.altKey, tempo, sampleRate });
      actions.updateClip(clip.id, { startFrame, trackId: clip.trackId });
      announce(speakBars(startFrame / sampleRate, tempo));
    } else if (down !== 0 && event.altKey) toTrack(down);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const name = asset?.name ?? 'Missing audio';
  return (
    <button
      type="button"
      className={styles.clip}
      style={{ '--start': start, '--length': length } as CSSProperties}
      data-testid={`clip-${clip.id}`}
      aria-label={`${name} on ${trackName}, at ${speakBars(start, tempo)}, ${formatTime(length, 1)} long`}
      aria-describedby={canEdit ? 'clip-keys' : undefined}
      onFocus={() => useUi.setState({ selectedClipId: clip.id, selectedTrackId: clip.trackId })}
      onBlur={() => useUi.setState({ selectedClipId: null })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        // Selecting a clip must not scroll or seek underneath.
        event.stopPropagation();
        if (event.button !== 0 || !canEdit) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const { startFrame, trackId } = clip;
        drag.current = { x: event.clientX, startFrame, trackId, moved: false };
      }}
      onPointerMove={(event) => place(event, false)}
      onPointerUp={(event) => {
        place(event, true);
        drag.current = null;
      }}
      onPointerCancel={cancel}
    />
  );
}
