import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { actions, useOpenProject, useProject } from '../../session/index.ts';
import { token } from './canvas-surface.ts';
import { nudgedStart } from './clip-drag.ts';
import { drawRuler, type RulerColors } from './draw-ruler.ts';
import { formatTime, speakBars } from './format-position.ts';
import { BEATS_PER_BAR, beatSeconds, secondsAt } from './time-scale.ts';
import styles from './timeline.module.css';
import { useSurface } from './use-surface.ts';
import { useTimeline } from './view-store.ts';

const colorsOf = (canvas: Element): RulerColors => ({
  text: token(canvas, '--text-2'),
  faint: token(canvas, '--text-3'),
  line: token(canvas, '--line-strong'),
});

const PAGE_BARS = 4;

/** The frame to which a key leads from `from`; null for keys that lead nowhere. */
function seekTarget(
  key: string,
  from: number,
  songSeconds: number,
  o: { readonly fine: boolean; readonly tempo: number; readonly sampleRate: number },
): number | null {
  const page = PAGE_BARS * BEATS_PER_BAR * beatSeconds(o.tempo) * o.sampleRate;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return nudgedStart({ startFrame: from }, 1, o);
    case 'ArrowLeft':
    case 'ArrowDown':
      return nudgedStart({ startFrame: from }, -1, o);
    case 'PageUp':
      return from + page;
    case 'PageDown':
      return from - page;
    case 'Home':
      return 0;
    case 'End':
      return songSeconds * o.sampleRate;
    default:
      return null;
  }
}

/** Bars, beats and time; a click or a drag goes there, arrow keys go by beats and bars. */
export function Ruler() {
  const ref = useRef<HTMLCanvasElement>(null);
  const tempo = useProject((s) => s.project.tempo);
  const sampleRate = useProject((s) => s.project.sampleRate);
  const songSeconds = useTimeline((s) => s.songSeconds);
  const position = useOpenProject((s) => s.transport.positionFrames);
  const seconds = position / sampleRate;

  useSurface(ref, (ctx, width, height) => {
    if (ref.current)
      drawRuler(ctx, useTimeline.getState(), { width, height }, tempo, colorsOf(ref.current));
  });

  const seekTo = (event: PointerEvent) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    actions.seek(Math.max(0, secondsAt(useTimeline.getState(), x)) * sampleRate);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const o = { fine: event.shiftKey, tempo, sampleRate };
    const target = seekTarget(event.key, actions.positionFrames(), songSeconds, o);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    actions.seek(target);
  };

  return (
    <div
      className={styles.ruler}
      role="slider"
      tabIndex={0}
      aria-label="Position in the song"
      aria-valuemin={0}
      aria-valuemax={Math.ceil(songSeconds)}
      aria-valuenow={Math.round(seconds * 100) / 100}
      aria-valuetext={`${speakBars(seconds, tempo)}, ${formatTime(seconds)}`}
      data-testid="ruler"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
    >
      <canvas ref={ref} className={styles.canvas} />
    </div>
  );
}
