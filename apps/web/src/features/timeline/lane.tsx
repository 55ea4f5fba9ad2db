import type { Track } from '@mixdown/contract';
import { isAudible } from '@mixdown/core';
import { type PointerEvent, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { actions, useProject, useUi } from '../../session/index.ts';
import { token } from './canvas-surface.ts';
import { ClipHandle } from './clip-handle.tsx';
import { drawLane } from './draw-lane.ts';
import { secondsAt } from './time-scale.ts';
import styles from './timeline.module.css';
import { useSurface } from './use-surface.ts';
import { useTimeline } from './view-store.ts';

/** One track's row of the timeline. */
export function Lane({ track }: { readonly track: Track }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const clips = useProject(
    useShallow((s) => Object.values(s.clips).filter((clip) => clip.trackId === track.id)),
  );
  const assets = useProject((s) => s.assets);
  const tempo = useProject((s) => s.project.tempo);
  const sampleRate = useProject((s) => s.project.sampleRate);
  const anySoloed = useProject((s) => Object.values(s.tracks).some((t) => t.soloed));
  const selectedClipId = useUi((s) => s.selectedClipId);
  const silent = !isAudible(track, anySoloed);

  useSurface(ref, (ctx, width, height) => {
    const canvas = ref.current;
    if (!canvas) return;
    const colors = {
      clip: token(canvas, `--track-${track.color}`),
      onClip: token(canvas, '--text-1'),
      bar: token(canvas, '--line'),
      beat: token(canvas, '--line-faint'),
    };
    const content = { clips, assets, sampleRate, tempo, selectedClipId, silent };
    drawLane(ctx, useTimeline.getState(), { width, height }, content, colors);
  });

  const seekTo = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    useUi.setState({ selectedTrackId: track.id });
    actions.seek(Math.max(0, secondsAt(useTimeline.getState(), x)) * sampleRate);
  };

  return (
    <div className={styles.lane} data-lane={track.id} onPointerDown={seekTo}>
      <canvas ref={ref} className={styles.canvas} />
      <div className={styles.clips}>
        {clips.map((clip) => (
          <ClipHandle key={clip.id} clip={clip} />
        ))}
      </div>
    </div>
  );
}
