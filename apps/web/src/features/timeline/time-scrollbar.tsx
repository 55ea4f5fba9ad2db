import { useEffect, useRef } from 'react';
import styles from './timeline.module.css';
import { scrollTo, useTimeline } from './view-store.ts';

/** The browser's own scrollbar for the time axis, which is otherwise drawn and not laid out. */
export function TimeScrollbar() {
  const ref = useRef<HTMLDivElement>(null);
  const pixelsPerSecond = useTimeline((s) => s.pixelsPerSecond);
  const songSeconds = useTimeline((s) => s.songSeconds);
  const width = useTimeline((s) => s.width);

  useEffect(() => {
    const follow = () => {
      const bar = ref.current;
      const state = useTimeline.getState();
      const x = state.scrollSeconds * state.pixelsPerSecond;
      if (bar && Math.abs(bar.scrollLeft - x) > 1) bar.scrollLeft = x;
    };
    follow();
    return useTimeline.subscribe(follow);
  }, []);

  const contentWidth = Math.max(width, songSeconds * pixelsPerSecond + width / 2);
  return (
    <div
      ref={ref}
      className={styles.scrollbar}
      aria-hidden="true"
      onScroll={(event) => {
        const { pixelsPerSecond: scale, scrollSeconds } = useTimeline.getState();
        const seconds = event.currentTarget.scrollLeft / scale;
        if (Math.abs(seconds - scrollSeconds) * scale > 1) scrollTo(seconds);
      }}
    >
      <div style={{ width: contentWidth }} />
    </div>
  );
}
