import { useRef, useState } from 'react';
import { cx } from '../cx.ts';
import styles from './values.module.css';

/** By Enter or Esc the focus goes back to the control; whoever clicked elsewhere keeps it there. */
export type TypingEnd = 'key' | 'blur';

interface TypedValueProps {
  readonly label: string;
  /** What stands there now; replaced as soon as somebody types. */
  readonly current: string;
  /** The character that started the typing, or nothing. */
  readonly initial: string;
  /** False = it means nothing. */
  readonly onCommit: (text: string, how: TypingEnd) => boolean;
  readonly onStop: (how: TypingEnd) => void;
  readonly className?: string | undefined;
}

/** The field that stands in for a value while it is typed: Enter and Tab take it, Esc restores. */
export function TypedValue({
  label,
  current,
  initial,
  onCommit,
  onStop,
  className,
}: TypedValueProps) {
  const [invalid, setInvalid] = useState(false);
  // Some browsers send a blur while the field goes away: it has had its say by then.
  const done = useRef(false);
  const finish = (text: string | null, how: TypingEnd) => {
    if (done.current) return;
    done.current = true;
    if (text !== null && onCommit(text, how)) return;
    if (text !== null && how === 'key') {
      done.current = false;
      setInvalid(true);
    } else onStop(how);
  };
  return (
    <input
      className={cx(styles.typed, className)}
      aria-label={`${label}, value`}
      aria-invalid={invalid || undefined}
      // biome-ignore lint/a11y/noAutofocus: it appears because somebody has begun to type
      autoFocus
      defaultValue={initial || current}
      inputMode="text"
      autoComplete="off"
      spellCheck={false}
      onFocus={(event) => {
        const { length } = event.currentTarget.value;
        event.currentTarget.setSelectionRange(initial ? length : 0, length);
      }}
      onChange={() => setInvalid(false)}
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') {
          event.preventDefault();
          finish(null, 'key');
        } else if (event.key === 'Enter') {
          event.preventDefault();
          finish(event.currentTarget.value, 'key');
        }
      }}
      onBlur={(event) => finish(event.currentTarget.value, 'blur')}
    />
  );
}
