import { type PointerEvent, useRef, useState } from 'react';
import { isDoublePress, type Press } from './double-press.ts';
import { createGesture, type Emit, type Gesture } from './gesture.ts';
import type { ValueSpec } from './value-spec.ts';

interface PointerDragInput {
  readonly spec: ValueSpec;
  readonly value: number;
  readonly locked?: string | undefined;
  readonly axis: 'vertical' | 'horizontal';
  readonly travelPx: () => number;
  readonly emit: Emit;
  readonly reset: () => void;
  /** A press that moved nothing; where it is given, a double press is no reset. */
  readonly onClick?: () => void;
}

/** Turns one pointer's movement into a gesture; a second finger is ignored. */
export function usePointerDrag(input: PointerDragInput) {
  const { spec, value, axis } = input;
  const [gesture] = useState<Gesture>(() => createGesture(input.emit));
  const pointer = useRef<number | null>(null);
  const lastPress = useRef<Press | null>(null);

  const along = (event: PointerEvent) => (axis === 'vertical' ? -event.clientY : event.clientX);
  const isOurs = (event: PointerEvent) => event.pointerId === pointer.current;
  const finish = (how: 'end' | 'cancel') => {
    pointer.current = null;
    // Two short drags in quick succession are no double click.
    if (gesture.changed()) lastPress.current = null;
    if (gesture.source() === 'pointer') gesture[how]();
  };

  const pointerProps = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0 || pointer.current !== null) return;
      // Neither text selection nor, on a phone, a synthetic mouse event afterwards.
      event.preventDefault();
      event.currentTarget.focus();
      const press = { time: event.timeStamp, x: event.clientX, y: event.clientY };
      if (!input.onClick && isDoublePress(lastPress.current, press)) {
        lastPress.current = null;
        input.reset();
        return;
      }
      lastPress.current = press;
      if (input.locked) return;
      pointer.current = event.pointerId;
      event.currentTarget.setPointerCapture(event.pointerId);
      gesture.begin('pointer', spec, value, along(event));
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (isOurs(event))
        gesture.move(spec, along(event), { fine: event.shiftKey, travelPx: input.travelPx() });
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      if (!isOurs(event)) return;
      const still = gesture.source() === 'pointer' && !gesture.changed();
      finish('end');
      if (still) input.onClick?.();
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>) => isOurs(event) && finish('cancel'),
    onLostPointerCapture: (event: PointerEvent<HTMLElement>) => isOurs(event) && finish('end'),
  };
  return { gesture, pointerProps };
}
