import { useEffect, useRef } from 'react';
import { actions, useOpenProject, useProject } from '../../session/index.ts';
import { onFrame } from '../../ui/frame-loop.ts';
import { xOf } from './time-scale.ts';
import styles from './timeline.module.css';
import { reveal, useTimeline } from './view-store.ts';

/**
 * Where we are: a mark in the ruler, which stays in sight, and a line across the lanes. Both follow the engine's own
 * clock and never pass through React.
 */
export function Playhead({ part }: { readonly part: 'mark' | 'line' }) {
  const ref = useRef<HTMLDivElement>(null);
  const sampleRate = useProject((s) => s.project.sampleRate);

  useEffect(
    () =>
      onFrame(() => {
        const line = ref.current;
        if (!line) return;
        const seconds = actions.positionFrames() / sampleRate;
        const playing = useOpenProject.getState().transport.status === 'playing';
        if (part === 'mark' && playing && useTimeline.getState().follow) reveal(seconds);
        const view = useTimeline.getState();
        const x = xOf(view, seconds);
        line.style.transform = `translateX(${x}px)`;
        line.style.visibility = x < -1 || x > view.width ? 'hidden' : 'visible';
      }),
    [sampleRate, part],
  );

  return (
    <div
      ref={ref}
      className={part === 'mark' ? styles.playheadMark : styles.playheadLine}
      aria-hidden="true"
      data-testid={part === 'line' ? 'playhead' : undefined}
    />
  );
}
