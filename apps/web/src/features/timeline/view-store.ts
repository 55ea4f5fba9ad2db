import { create } from 'zustand';
import { clampScroll, type TimeView, zoomAround, zoomToFit } from './time-scale.ts';

interface ViewState extends TimeView {
  /** Width of the lanes in CSS pixels; 0 until they have been measured. */
  readonly width: number;
  readonly songSeconds: number;
  /** Whether the view turns the page when the playhead leaves it. */
  readonly follow: boolean;
}

/** Drawn by canvases that subscribe to it directly; React components follow only what they show. */
export const useTimeline = create<ViewState>()(() => ({
  pixelsPerSecond: 20,
  scrollSeconds: 0,
  width: 0,
  songSeconds: 60,
  follow: true,
}));

const put = (view: TimeView) => {
  const { songSeconds, width } = useTimeline.getState();
  useTimeline.setState(clampScroll(view, songSeconds, width));
};

export const zoomBy = (factor: number, x?: number): void => {
  const state = useTimeline.getState();
  put(zoomAround(state, factor, x ?? state.width / 2));
};

export const zoomFit = (): void => {
  const { songSeconds, width } = useTimeline.getState();
  put(zoomToFit(songSeconds, width));
};

export const scrollBy = (pixels: number): void => {
  const state = useTimeline.getState();
  put({ ...state, scrollSeconds: state.scrollSeconds + pixels / state.pixelsPerSecond });
};

export const scrollTo = (seconds: number): void => {
  put({ ...useTimeline.getState(), scrollSeconds: Math.max(0, seconds) });
};

/** Puts `seconds` on the screen if it is not: a page further when playing runs off the right edge. */
export const reveal = (seconds: number): void => {
  const { pixelsPerSecond, scrollSeconds, width } = useTimeline.getState();
  const span = width / pixelsPerSecond;
  if (seconds >= scrollSeconds && seconds <= scrollSeconds + span) return;
  scrollTo(seconds - span * 0.05);
};

/** New measures of the song or the window; the first width shows the whole song. */
export function measureTimeline(o: { width?: number; songSeconds?: number }): void {
  const before = useTimeline.getState();
  useTimeline.setState(o);
  const first = before.width === 0 && (o.width ?? 0) > 0;
  if (first) zoomFit();
  else put(useTimeline.getState());
}
