import { useEffect, useRef } from 'react';
import { actions, useProject } from '../../session/index.ts';
import { onFrame } from '../../ui/frame-loop.ts';
import { formatBars, formatTime } from '../timeline/format-position.ts';
import styles from './transport.module.css';

/** Bars and time of the playhead, written straight into the page: sixty times a second is nothing for React. */
export function PositionDisplay() {
  const bars = useRef<HTMLSpanElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  const sampleRate = useProject((s) => s.project.sampleRate);
  const tempo = useProject((s) => s.project.tempo);

  useEffect(() => {
    const write = (element: HTMLElement | null, text: string) => {
      if (element && element.textContent !== text) element.textContent = text;
    };
    return onFrame(() => {
      const seconds = actions.positionFrames() / sampleRate;
      write(bars.current, formatBars(seconds, tempo));
      write(time.current, formatTime(seconds, 3));
    });
  }, [sampleRate, tempo]);

  return (
    <div className={styles.position} role="timer" aria-label="Position" data-testid="position">
      <span ref={bars} className={styles.bars}>
        1.1.1
      </span>
      <span ref={time} className={styles.time}>
        0:00.000
      </span>
    </div>
  );
}
