import { formatValue, parseValue, speakValue } from '@mixdown/core';
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Emit } from './gesture.ts';
import { keyAction } from './key-action.ts';
import type { TypingEnd } from './typed-value.tsx';
import { usePointerDrag } from './use-pointer-drag.ts';
import { useStable } from './use-stable.ts';
import { useWheel } from './use-wheel.ts';
import type { ValueSpec } from './value-spec.ts';

export interface ValueControlProps {
  readonly spec: ValueSpec;
  /** In real units. */
  readonly value: number;
  /** Accessible name: what it is and what it belongs to, such as "Threshold, Compressor". */
  readonly label: string;
  readonly onChange: Emit;
  /** Beats per minute, for note values such as 1/8. */
  readonly tempo?: number | undefined;
  readonly format?: (value: number) => string;
  readonly speak?: (value: number) => string;
  readonly parse?: (text: string) => number | null;
  /** Why it cannot be changed right now, such as "Ana is editing". It stays focusable and its value live. */
  readonly locked?: string | undefined;
  readonly testId?: string | undefined;
}

export interface ValueControlGeometry {
  readonly axis: 'vertical' | 'horizontal';
  /** Pixels for the whole range. */
  readonly travelPx: () => number;
  /** A press without a movement starts typing: for controls whose only picture is the value. */
  readonly clickTypes?: boolean;
}

/** What every value control does, whatever it looks like: drag, keys, wheel, typing, and its ARIA slider. */
export function useValueControl<E extends HTMLElement>(
  props: ValueControlProps,
  geometry: ValueControlGeometry,
) {
  const { spec, value, label, locked } = props;
  const element = useRef<E>(null);
  const lockId = useId();
  const refocus = useRef(false);
  /** null = not typing; else the text that typing starts with. */
  const [draft, setDraft] = useState<string | null>(null);
  const format = props.format ?? ((v: number) => formatValue(spec, v));
  const speak = props.speak ?? ((v: number) => speakValue(spec, v));
  const emit = useStable(props.onChange);

  const reset = () => {
    gesture.cancel();
    if (!locked && value !== spec.default) emit(spec.default, { final: true });
  };
  const startTyping = (text = '') => {
    gesture.end();
    if (!locked) setDraft(text);
  };
  const { gesture, pointerProps } = usePointerDrag({
    ...props,
    ...geometry,
    emit,
    reset,
    ...(geometry.clickTypes && { onClick: () => startTyping() }),
  });
  useWheel(element as RefObject<HTMLElement | null>, gesture, { spec, value, enabled: !locked });

  /** Takes what was typed; false if it means nothing. */
  const commitTyping = (text: string, how: TypingEnd): boolean => {
    const parse =
      props.parse ?? ((t: string) => parseValue(spec, t, { tempo: props.tempo ?? 120 }));
    const typed = parse(text);
    if (typed === null) return false;
    stopTyping(how);
    if (typed !== value) emit(typed, { final: true });
    return true;
  };
  const stopTyping = (how: TypingEnd) => {
    refocus.current = how === 'key';
    setDraft(null);
  };
  useLayoutEffect(() => {
    if (draft !== null || !refocus.current) return;
    refocus.current = false;
    element.current?.focus();
  }, [draft]);

  const onKeyDown = (event: KeyboardEvent<E>) => {
    if (event.key === 'Escape' && gesture.source()) {
      event.preventDefault();
      event.stopPropagation();
      gesture.cancel();
      return;
    }
    const action = keyAction(spec, gesture.value() ?? value, event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (locked) return;
    if (action.kind === 'type') startTyping(action.text);
    else if (action.kind === 'reset') reset();
    else {
      gesture.begin('key', spec, value);
      gesture.set(spec, action.value);
    }
  };
  const endKeys = () => {
    if (gesture.source() === 'key') gesture.end();
  };

  // Taken away in the middle of a gesture: what the hand does from now on does not count.
  useEffect(() => {
    if (!locked) return;
    gesture.abandon();
    setDraft(null);
  }, [locked, gesture]);
  // Whatever is still under the hand when the control goes away is the last word on it.
  useEffect(() => () => gesture.end(), [gesture]);

  return {
    element,
    text: format(value),
    lockId,
    draft,
    startTyping,
    commitTyping,
    stopTyping,
    sliderProps: {
      ref: element,
      role: 'slider' as const,
      tabIndex: 0,
      'aria-label': label,
      'aria-valuemin': spec.min,
      'aria-valuemax': spec.max,
      'aria-valuenow': value,
      'aria-valuetext': speak(value),
      'aria-orientation': geometry.axis,
      'aria-disabled': locked ? true : undefined,
      'aria-describedby': locked ? lockId : undefined,
      'data-testid': props.testId,
      onKeyDown,
      onKeyUp: endKeys,
      onBlur: () => gesture.end(),
      ...pointerProps,
    },
  };
}
export type ValueControl = ReturnType<typeof useValueControl>;
