type FrameCallback = (now: number) => void;

const callbacks = new Set<FrameCallback>();
let handle = 0;

function frame(now: number): void {
  handle = requestAnimationFrame(frame);
  for (const callback of callbacks) callback(now);
}

/**
 * Calls back before every repaint, with the time in ms; returns what ends it. All meters and playheads share one loop,
 * which stands still while nobody listens.
 */
export function onFrame(callback: FrameCallback): () => void {
  callbacks.add(callback);
  if (callbacks.size === 1) handle = requestAnimationFrame(frame);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) cancelAnimationFrame(handle);
  };
}
