import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { onPeaks } from '../../session/peaks.ts';
import { createSurface, type Surface } from './canvas-surface.ts';
import { useTimeline } from './view-store.ts';

type Draw = (ctx: CanvasRenderingContext2D, width: number, height: number) => void;

/** Keeps a canvas drawn: after each render, as the view scrolls or zooms, and when waveforms arrive. */
export function useSurface(canvasRef: RefObject<HTMLCanvasElement | null>, draw: Draw): void {
  const latest = useRef(draw);
  const surface = useRef<Surface | null>(null);
  useLayoutEffect(() => {
    latest.current = draw;
    surface.current?.redraw();
  });
  useEffect(() => {
    if (!canvasRef.current) return;
    const created = createSurface(canvasRef.current, (...args) => latest.current(...args));
    surface.current = created;
    const unwatchView = useTimeline.subscribe(created.redraw);
    const unwatchPeaks = onPeaks(created.redraw);
    return () => {
      unwatchView();
      unwatchPeaks();
      created.close();
      surface.current = null;
    };
  }, [canvasRef]);
}
