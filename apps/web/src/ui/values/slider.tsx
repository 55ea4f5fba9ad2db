import { toNormalized } from '@mixdown/core';
import type { CSSProperties } from 'react';
import { cx } from '../cx.ts';
import { VisuallyHidden } from '../visually-hidden.tsx';
import { ValueText } from './knob.tsx';
import { isBipolar } from './knob-arc.ts';
import { TypedValue } from './typed-value.tsx';
import { useValueControl, type ValueControlProps } from './use-value-control.ts';
import styles from './values.module.css';

export interface SliderProps extends ValueControlProps {
  readonly orientation?: 'horizontal' | 'vertical';
  readonly showValue?: boolean;
  readonly className?: string | undefined;
}

/** A value on a track, such as a fader. The thumb follows the pointer; a press beside it does not make it jump. */
export function Slider({
  orientation = 'horizontal',
  showValue = false,
  className,
  ...control
}: SliderProps) {
  const { spec, value, label, locked } = control;
  const travelPx = (): number => {
    const box: DOMRect | undefined = element.current?.getBoundingClientRect();
    return Math.max(60, (orientation === 'horizontal' ? box?.width : box?.height) ?? 0);
  };
  const { element, sliderProps, text, draft, lockId, ...typing } = useValueControl<HTMLDivElement>(
    control,
    { axis: orientation, travelPx },
  );
  const n = toNormalized(spec, value);
  const origin = isBipolar(spec) && spec.min === -spec.max ? 0.5 : 0;
  const style = {
    '--n': n,
    '--from': Math.min(n, origin),
    '--to': Math.max(n, origin),
  } as CSSProperties;
  return (
    <div className={cx(styles.sliderRow, className)} data-orientation={orientation}>
      <div {...sliderProps} className={styles.slider} style={style} data-orientation={orientation}>
        <span className={styles.rail} />
        <span className={styles.fill} />
        <span className={styles.thumb} />
      </div>
      {draft !== null ? (
        <TypedValue
          label={label}
          current={text}
          initial={draft}
          onCommit={typing.commitTyping}
          onStop={typing.stopTyping}
        />
      ) : (
        showValue && <ValueText text={text} onClick={() => typing.startTyping()} />
      )}
      {locked && <VisuallyHidden id={lockId}>{locked}</VisuallyHidden>}
    </div>
  );
}
