import { formatTime } from './format-position.ts';
import { type TimeView, ticks, timeLabels, xOf } from './time-scale.ts';

export interface RulerColors {
  readonly text: string;
  readonly faint: string;
  readonly line: string;
}

const FONT = '500 11px "Inter Variable", system-ui, sans-serif';
const SMALL_FONT = '10px "Inter Variable", system-ui, sans-serif';
const TICK_HEIGHT = { bar: 12, beat: 6, fine: 3 } as const;

/** Bars and beats above, minutes and seconds below. */
export function drawRuler(
  ctx: CanvasRenderingContext2D,
  view: TimeView,
  size: { readonly width: number; readonly height: number },
  tempo: number,
  colors: RulerColors,
): void {
  const { width, height } = size;
  ctx.textBaseline = 'middle';
  ctx.font = FONT;
  for (const tick of ticks(view, width, tempo)) {
    const x = Math.round(xOf(view, tick.seconds));
    ctx.fillStyle = colors.line;
    ctx.fillRect(x, height - TICK_HEIGHT[tick.level], 1, TICK_HEIGHT[tick.level]);
    if (tick.label === null) continue;
    ctx.fillRect(x, 4, 1, height - 4);
    ctx.fillStyle = tick.level === 'bar' ? colors.text : colors.faint;
    ctx.fillText(tick.label, x + 5, 12);
  }
  ctx.font = SMALL_FONT;
  ctx.fillStyle = colors.faint;
  const digits = view.pixelsPerSecond > 64 ? 1 : 0;
  for (const seconds of timeLabels(view, width))
    ctx.fillText(formatTime(seconds, digits), xOf(view, seconds) + 5, height - 11);
}
