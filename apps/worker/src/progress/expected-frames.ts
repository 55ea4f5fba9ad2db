/** Effects are mostly silent after so long, in seconds, however long the longest tail could get. */
const USUAL_TAIL_SECONDS = 6;

export interface RenderedSoFar {
  readonly renderedFrames: number;
  /** Without the tail. */
  readonly songFrames: number;
  /** With the longest tail that is possible. */
  readonly totalFrames: number;
}

/**
 * How much of a render is done, against what it will come to and not what it could: an `auto` tail ends in silence,
 * mostly long before the chain's longest tail is over, and a bar that counts with that stands below a half at the end.
 * In a tail that goes on, the bar comes ever closer to the end without reaching it.
 */
export function expectedFrames(
  { renderedFrames, songFrames, totalFrames }: RenderedSoFar,
  sampleRate: number,
): { readonly done: number; readonly total: number } {
  const usual = USUAL_TAIL_SECONDS * sampleRate;
  const intoTail = renderedFrames - songFrames;
  if (totalFrames - songFrames <= usual) return { done: renderedFrames, total: totalFrames };
  const total = songFrames + usual;
  if (intoTail <= 0) return { done: renderedFrames, total };
  const share = Math.min(0.99, 1 - Math.exp(-intoTail / usual));
  return { done: songFrames + usual * share, total };
}
