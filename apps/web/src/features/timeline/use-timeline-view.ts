import { type RefObject, useEffect } from 'react';
import { useProject } from '../../session/index.ts';
import { timelineSeconds } from './song-length.ts';
import { measureTimeline, scrollBy, useTimeline, zoomBy } from './view-store.ts';

const ZOOM_PER_WHEEL_PIXEL = 1.0018;
const LINE_PX = 16;

/**
 * Measures the part of `areaRef` in which time is shown (right of the track headers), keeps the clip layer's CSS in
 * step with scroll and zoom, and listens to the wheel: Ctrl or ⌘ zooms, Shift or a sideways wheel scrolls.
 */
export function useTimelineView(
  areaRef: RefObject<HTMLElement | null>,
  rulerRef: RefObject<HTMLElement | null>,
): void {
  const seconds = useProject((s) => timelineSeconds(s));
  useEffect(() => measureTimeline({ songSeconds: seconds }), [seconds]);

  useEffect(() => {
    const [area, ruler] = [areaRef.current, rulerRef.current];
    if (!area || !ruler) return;
    const sized = new ResizeObserver(() => measureTimeline({ width: ruler.clientWidth }));
    sized.observe(ruler);

    const sync = () => {
      const { pixelsPerSecond, scrollSeconds } = useTimeline.getState();
      area.style.setProperty('--pixels-per-second', `${pixelsPerSecond}`);
      area.style.setProperty('--scroll-seconds', `${scrollSeconds}`);
    };
    sync();
    const unwatch = useTimeline.subscribe(sync);

    const onWheel = (event: WheelEvent) => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      if (event.ctrlKey || event.metaKey) {
        const x = event.clientX - ruler.getBoundingClientRect().left;
        if (x < 0) return;
        event.preventDefault();
        zoomBy(ZOOM_PER_WHEEL_PIXEL ** (-event.deltaY * unit), x);
        return;
      }
      const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
      if (sideways === 0 || (!event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY)))
        return;
      event.preventDefault();
      scrollBy(sideways * unit);
    };
    // React registers wheel listeners as passive, and a passive one cannot keep the page from zooming.
    area.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      sized.disconnect();
      unwatch();
      area.removeEventListener('wheel', onWheel);
    };
  }, [areaRef, rulerRef]);
}
