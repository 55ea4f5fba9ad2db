import { type DragEvent, useState } from 'react';
import { actions, useCanEdit, useProject } from '../../session/index.ts';
import { beatSeconds, secondsAt, snap } from './time-scale.ts';
import { useTimeline } from './view-store.ts';

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

const laneAt = (event: DragEvent): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>('[data-lane]') : null;

/** `trackId: null` = the empty area, where each file makes a track of its own. */
export interface DropTarget {
  readonly trackId: string | null;
}

/** Audio files dropped onto a lane, or anywhere else in the arrangement for a new track. */
export function useFileDrop() {
  const canEdit = useCanEdit();
  const sampleRate = useProject((s) => s.project.sampleRate);
  const tempo = useProject((s) => s.project.tempo);
  const [target, setTarget] = useState<DropTarget | null>(null);

  const onDragOver = (event: DragEvent) => {
    if (!canEdit || !hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    const trackId = laneAt(event)?.dataset.lane ?? null;
    if (target === null || target.trackId !== trackId) setTarget({ trackId });
  };

  const onDragLeave = (event: DragEvent) => {
    const into = event.relatedTarget;
    if (!(into instanceof Node) || !event.currentTarget.contains(into)) setTarget(null);
  };

  const onDrop = (event: DragEvent) => {
    if (!canEdit || !hasFiles(event)) return;
    event.preventDefault();
    setTarget(null);
    const lane = laneAt(event);
    const x = lane ? event.clientX - lane.getBoundingClientRect().left : 0;
    const seconds = lane ? secondsAt(useTimeline.getState(), x) : 0;
    const startFrame = Math.round(snap(Math.max(0, seconds), beatSeconds(tempo)) * sampleRate);
    const trackId = lane?.dataset.lane;
    void actions.uploadFiles([...event.dataTransfer.files], { trackId, startFrame });
  };

  return { target, handlers: { onDragOver, onDragLeave, onDrop } };
}
