/** Colours and fonts of the canvases, read from the design tokens where the canvas stands. */
export const token = (element: Element, name: string): string =>
  getComputedStyle(element).getPropertyValue(name).trim();

/**
 * A canvas that fills its box at the screen's own resolution and redraws at most once per frame, only while it can be
 * seen. `draw` gets the size in CSS pixels. Close it when its element goes.
 */
export function createSurface(
  canvas: HTMLCanvasElement,
  draw: (ctx: CanvasRenderingContext2D, width: number, height: number) => void,
) {
  const ctx = canvas.getContext('2d');
  let frame = 0;
  let visible = true;

  const paint = () => {
    frame = 0;
    if (!ctx || !visible) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio || 1;
    const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
      canvas.width = deviceWidth;
      canvas.height = deviceHeight;
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    draw(ctx, width, height);
  };

  const redraw = () => {
    frame ||= requestAnimationFrame(paint);
  };
  const resized = new ResizeObserver(redraw);
  resized.observe(canvas);
  const seen = new IntersectionObserver(([entry]) => {
    visible = entry?.isIntersecting ?? true;
    if (visible) return redraw();
    // Many tracks far out of sight should not hold their pixels.
    canvas.width = 0;
    canvas.height = 0;
  });
  seen.observe(canvas);
  const theme = window.matchMedia('(prefers-contrast: more)');
  theme.addEventListener('change', redraw);
  redraw();

  return {
    redraw,
    close(): void {
      cancelAnimationFrame(frame);
      resized.disconnect();
      seen.disconnect();
      theme.removeEventListener('change', redraw);
    },
  };
}
export type Surface = ReturnType<typeof createSurface>;
