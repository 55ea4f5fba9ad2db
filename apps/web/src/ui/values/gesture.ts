import { beginDrag, type Drag, moveDrag } from './drag.ts';
import type { ValueSpec } from './value-spec.ts';

/** `final: false` while a hand is still on the value; one `true` ends each gesture. */
export type Emit = (value: number, o: { readonly final: boolean }) => void;

export type Source = 'pointer' | 'key' | 'wheel';

interface Held {
  readonly source: Source;
  readonly drag: Drag;
  readonly sent: boolean;
}

/**
 * One gesture on one value at a time: every value on the way is emitted as not final, the end exactly once as final,
 * and nothing at all where nothing changed. Whoever starts a gesture ends it by `end` or `cancel`.
 */
export function createGesture(emit: Emit) {
  let held: Held | null = null;

  const end = (): void => {
    const last = held;
    held = null;
    if (last?.sent) emit(last.drag.value, { final: true });
  };

  const change = (drag: Drag): void => {
    if (!held) return;
    const changed = drag.value !== held.drag.value;
    held = { ...held, drag, sent: held.sent || changed };
    if (changed) emit(drag.value, { final: false });
  };

  return {
    source: (): Source | null => held?.source ?? null,
    begin(source: Source, spec: ValueSpec, value: number, at = 0): void {
      if (held?.source === source) return;
      end();
      held = { source, drag: beginDrag(spec, value, at), sent: false };
    },
    move(spec: ValueSpec, at: number, o: { fine: boolean; travelPx?: number }): void {
      if (held) change(moveDrag(spec, held.drag, at, o));
    },
    set(spec: ValueSpec, value: number): void {
      if (held)
        change({ ...beginDrag(spec, value, held.drag.at), startValue: held.drag.startValue });
    },
    /** The value under the hand, which may be ahead of what the page shows. */
    value: (): number | null => held?.drag.value ?? null,
    /** Whether anything has been emitted since the gesture began. */
    changed: (): boolean => held?.sent ?? false,
    end,
    /** Lets go without a word: somebody else has the value now. */
    abandon(): void {
      held = null;
    },
    /** Back to where the gesture began. */
    cancel(): void {
      const last = held;
      held = null;
      if (last?.sent) emit(last.drag.startValue, { final: true });
    },
  };
}
export type Gesture = ReturnType<typeof createGesture>;
