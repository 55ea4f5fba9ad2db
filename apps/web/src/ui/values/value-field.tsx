import { cx } from '../cx.ts';
import { VisuallyHidden } from '../visually-hidden.tsx';
import { KNOB_TRAVEL_PX } from './drag.ts';
import { TypedValue } from './typed-value.tsx';
import { useValueControl, type ValueControlProps } from './use-value-control.ts';
import styles from './values.module.css';

export interface ValueFieldProps extends ValueControlProps {
  readonly className?: string | undefined;
}

const travelPx = () => KNOB_TRAVEL_PX;

/** A value as a number that can be dragged, turned by keys, or typed over after a click or Enter. */
export function ValueField({ className, ...control }: ValueFieldProps) {
  const { sliderProps, text, draft, lockId, ...typing } = useValueControl<HTMLDivElement>(control, {
    axis: 'vertical',
    travelPx,
    clickTypes: true,
  });
  return (
    <span className={cx(styles.valueField, className)}>
      <div {...sliderProps} className={styles.valueFieldText} hidden={draft !== null}>
        {text}
      </div>
      {draft !== null && (
        <TypedValue
          label={control.label}
          current={text}
          initial={draft}
          onCommit={typing.commitTyping}
          onStop={typing.stopTyping}
        />
      )}
      {control.locked && <VisuallyHidden id={lockId}>{control.locked}</VisuallyHidden>}
    </span>
  );
}
