import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './segmented.module.css';

export interface SegmentedProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly options: ReadonlyArray<{
    readonly value: T;
    readonly label: string;
    readonly icon?: ReactNode;
    readonly disabled?: boolean;
  }>;
  readonly onChange: (value: T) => void;
  readonly size?: 'sm' | 'md';
  /** In the colour of the track that it belongs to. */
  readonly tinted?: boolean;
  readonly column?: boolean;
  readonly disabled?: boolean | undefined;
  /** Cannot be changed right now, as `describedBy` says; it stays focusable and its value live. */
  readonly locked?: boolean;
  readonly testId?: string;
  readonly describedBy?: string | undefined;
  readonly className?: string | undefined;
}

/** A few choices side by side, one of them taken. */
export function Segmented<T extends string | number>({
  label,
  value,
  options,
  onChange,
  size = 'md',
  tinted = false,
  column = false,
  disabled,
  locked = false,
  testId,
  describedBy,
  className,
}: SegmentedProps<T>) {
  return (
    <RadioGroup
      aria-label={label}
      aria-describedby={describedBy}
      data-testid={testId}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      {...(disabled !== undefined && { disabled })}
      {...(locked && { readOnly: true, 'aria-disabled': true })}
      className={cx(
        styles.group,
        size === 'sm' && styles.sm,
        tinted && styles.tinted,
        column && styles.column,
        className,
      )}
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={styles.segment}
          aria-label={option.label}
          {...(option.disabled && { disabled: true })}
          {...(locked && { 'aria-disabled': true })}
        >
          {option.icon ?? option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
