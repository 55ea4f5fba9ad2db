import { type RefObject, useEffect, useRef } from 'react';
import type { Gesture } from './gesture.ts';
import type { ValueSpec } from './value-spec.ts';

/** A notch of a mouse wheel (100 px) is 2 % of the travel. */
const WHEEL_TRAVEL_PX = 5000;
/** After this pause the wheel counts as let go. */
const REST_MS = 250;

/** The wheel turns a value only while it has the focus: scrolling past a knob must never change it. */
export function useWheel(
  element: RefObject<HTMLElement | null>,
  gesture: Gesture,
  input: { readonly spec: ValueSpec; readonly value: number; readonly enabled: boolean },
): void {
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    const node = element.current;
    if (!node) return;
    let at = 0;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const onWheel = (event: WheelEvent) => {
      const { spec, value, enabled } = latest.current;
      if (!enabled || event.ctrlKey || document.activeElement !== node) return;
      event.preventDefault();
      if (gesture.source() === 'pointer') return;
      if (gesture.source() !== 'wheel') at = 0;
      gesture.begin('wheel', spec, value);
      // With Shift some browsers turn the wheel sideways.
      const delta = event.deltaY || event.deltaX;
      at -= event.deltaMode === WheelEvent.DOM_DELTA_LINE ? delta * 33 : delta;
      gesture.move(spec, at, { fine: event.shiftKey, travelPx: WHEEL_TRAVEL_PX });
      clearTimeout(rest);
      rest = setTimeout(() => {
        if (gesture.source() === 'wheel') gesture.end();
      }, REST_MS);
    };
    // React's own wheel listener is passive and cannot keep the page from scrolling.
    node.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      clearTimeout(rest);
      node.removeEventListener('wheel', onWheel);
    };
  }, [element, gesture]);
}
