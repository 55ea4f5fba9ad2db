import { Switch } from '@base-ui/react/switch';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './toggle.module.css';

export interface ToggleProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
  /** Cannot be changed right now, as `describedBy` says; it stays focusable and its value live. */
  readonly locked?: boolean;
  readonly tinted?: boolean;
  readonly testId?: string;
  readonly describedBy?: string | undefined;
}

/** A switch: on or off, at once. Its label stands elsewhere; with `ToggleRow` beside it. */
export function Toggle({
  label,
  checked,
  onChange,
  disabled,
  locked = false,
  tinted = false,
  testId,
  describedBy,
}: ToggleProps) {
  return (
    <Switch.Root
      aria-label={label}
      aria-describedby={describedBy}
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      {...(disabled !== undefined && { disabled })}
      {...(locked && { readOnly: true, 'aria-disabled': true })}
      className={cx(styles.switch, tinted && styles.tinted)}
      data-testid={testId}
    >
      <Switch.Thumb className={styles.thumb} />
    </Switch.Root>
  );
}

/** A line with words on the left and the switch on the right. */
export function ToggleRow({
  children,
  ...toggle
}: ToggleProps & { readonly children?: ReactNode }) {
  return (
    <div className={styles.row}>
      <span>{children ?? toggle.label}</span>
      <Toggle {...toggle} />
    </div>
  );
}
