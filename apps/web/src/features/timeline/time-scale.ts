/** Quarter notes to the bar; the project has no other metre. */
export const BEATS_PER_BAR = 4;

export const MIN_PIXELS_PER_SECOND = 1;
export const MAX_PIXELS_PER_SECOND = 2000;

/** Which part of the song is on the screen. */
export interface TimeView {
  readonly pixelsPerSecond: number;
  /** Seconds at the left edge, ≥ 0. */
  readonly scrollSeconds: number;
}

export const xOf = (view: TimeView, seconds: number): number =>
  (seconds - view.scrollSeconds) * view.pixelsPerSecond;

export const secondsAt = (view: TimeView, x: number): number =>
  view.scrollSeconds + x / view.pixelsPerSecond;

export const beatSeconds = (tempo: number): number => 60 / tempo;

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** Zoomed by `factor` with the moment under `x` standing still. */
export function zoomAround(view: TimeView, factor: number, x: number): TimeView {
  const pixelsPerSecond = clamp(
    view.pixelsPerSecond * factor,
    MIN_PIXELS_PER_SECOND,
    MAX_PIXELS_PER_SECOND,
  );
  const anchor = secondsAt(view, x);
  return { pixelsPerSecond, scrollSeconds: Math.max(0, anchor - x / pixelsPerSecond) };
}

/** The view that shows `seconds` of song in `width` pixels, with a little air behind the end. */
export function zoomToFit(seconds: number, width: number): TimeView {
  const pixelsPerSecond = clamp(
    width / Math.max(1, seconds * 1.04),
    MIN_PIXELS_PER_SECOND,
    MAX_PIXELS_PER_SECOND,
  );
  return { pixelsPerSecond, scrollSeconds: 0 };
}

/** Keeps the view within a song of `songSeconds`: scrolling ends where the last moment reaches the middle. */
export function clampScroll(view: TimeView, songSeconds: number, width: number): TimeView {
  const last = Math.max(0, songSeconds - width / 2 / view.pixelsPerSecond);
  return { ...view, scrollSeconds: clamp(view.scrollSeconds, 0, last) };
}

/** `seconds` on the nearest line of a grid of `gridSeconds`. */
export const snap = (seconds: number, gridSeconds: number): number =>
  Math.max(0, Math.round(seconds / gridSeconds) * gridSeconds);

export interface Tick {
  readonly seconds: number;
  readonly level: 'bar' | 'beat' | 'fine';
  /** "5" for bar 5, "5.3" for its third beat; null for lines without words. */
  readonly label: string | null;
}

/** Distances of lines in beats, from a sixteenth to 256 bars. */
const STEPS = [0.25, 0.5, 1, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const;
const MIN_TICK_PX = 10;
const MIN_LABEL_PX = 56;

const stepFor = (pixelsPerBeat: number, minPixels: number): number =>
  STEPS.find((step) => step * pixelsPerBeat >= minPixels) ?? 1024;

function tickAt(index: number, step: number, labelStep: number, tempo: number): Tick {
  const beat = index * step;
  const bar = Math.floor(beat / BEATS_PER_BAR) + 1;
  const inBar = beat % BEATS_PER_BAR;
  const level = inBar === 0 ? 'bar' : Number.isInteger(beat) ? 'beat' : 'fine';
  const labelled = beat % labelStep === 0 && Number.isInteger(beat);
  const label = inBar === 0 ? `${bar}` : `${bar}.${inBar + 1}`;
  return { seconds: beat * beatSeconds(tempo), level, label: labelled ? label : null };
}

/** The lines between the two edges of the view: as dense as can be told apart, labels as dense as can be read. */
export function ticks(view: TimeView, width: number, tempo: number): Tick[] {
  const pixelsPerBeat = view.pixelsPerSecond * beatSeconds(tempo);
  const step = stepFor(pixelsPerBeat, MIN_TICK_PX);
  const labelStep = Math.max(1, stepFor(pixelsPerBeat, MIN_LABEL_PX));
  const stepSeconds = step * beatSeconds(tempo);
  const first = Math.max(0, Math.floor(view.scrollSeconds / stepSeconds));
  const last = Math.ceil(secondsAt(view, width) / stepSeconds);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    tickAt(first + i, step, labelStep, tempo),
  );
}

const TIME_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600] as const;

/** Seconds of the time labels under the bars. */
export function timeLabels(view: TimeView, width: number): number[] {
  const step = TIME_STEPS.find((s) => s * view.pixelsPerSecond >= MIN_LABEL_PX + 8) ?? 600;
  const first = Math.ceil(view.scrollSeconds / step - 1e-9);
  const last = Math.floor(secondsAt(view, width) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}
