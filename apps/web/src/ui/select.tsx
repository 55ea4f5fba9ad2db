import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import field from './field.module.css';
import popup from './popup.module.css';

export interface SelectOption<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

export interface SelectProps<T extends string | number> {
  readonly label: string;
  /** Shows the label above; otherwise it is for screen readers alone. */
  readonly showLabel?: boolean;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean | undefined;
  /** Cannot be changed right now, as `describedBy` says; it stays focusable and its value live. */
  readonly locked?: boolean;
  readonly size?: 'sm' | 'md';
  readonly testId?: string;
  readonly className?: string | undefined;
  readonly describedBy?: string | undefined;
}

export function Select<T extends string | number>({
  label,
  showLabel = false,
  value,
  options,
  onChange,
  disabled,
  locked = false,
  size = 'md',
  testId,
  className,
  describedBy,
}: SelectProps<T>) {
  return (
    <Base.Root
      items={options.map(({ value: v, label: l }) => ({ value: v, label: l }))}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      {...(disabled !== undefined && { disabled })}
      {...(locked && { readOnly: true })}
    >
      <div className={cx(field.field, className)}>
        {showLabel && <Base.Label className={field.label}>{label}</Base.Label>}
        <Base.Trigger
          className={cx(field.control, field.trigger, size === 'sm' && field.sm)}
          data-testid={testId}
          aria-describedby={describedBy}
          {...(locked && { 'aria-disabled': true })}
          {...(!showLabel && { 'aria-label': label })}
        >
          <Base.Value className={field.value} />
          <Base.Icon>
            <ChevronsUpDown size={13} aria-hidden />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner
          className={popup.positioner}
          sideOffset={6}
          alignItemWithTrigger={false}
          collisionPadding={8}
        >
          <Base.Popup className={popup.popup}>
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className={popup.item}
                  {...(option.disabled && { disabled: true })}
                >
                  <span className={popup.check}>
                    <Base.ItemIndicator>
                      <Check size={14} aria-hidden />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText className={popup.label}>{option.label}</Base.ItemText>
                  {option.hint && <span className={popup.hint}>{option.hint}</span>}
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
