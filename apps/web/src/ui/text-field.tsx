import { Field } from '@base-ui/react/field';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { cx } from './cx.ts';
import styles from './field.module.css';
import { VisuallyHidden } from './visually-hidden.tsx';

export interface TextFieldProps
  extends Omit<ComponentPropsWithRef<'input'>, 'size' | 'style' | 'className' | 'defaultValue'> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly description?: ReactNode;
  /** What is wrong, and how to put it right. */
  readonly error?: ReactNode;
  readonly size?: 'md' | 'lg';
  readonly defaultValue?: string;
  readonly className?: string;
}

export function TextField({
  label,
  hideLabel = false,
  description,
  error,
  size = 'md',
  className,
  disabled,
  name,
  ...rest
}: TextFieldProps) {
  return (
    <Field.Root
      className={cx(styles.field, className)}
      invalid={Boolean(error)}
      {...(disabled !== undefined && { disabled })}
      {...(name !== undefined && { name })}
    >
      <Field.Label className={styles.label}>
        {hideLabel ? <VisuallyHidden>{label}</VisuallyHidden> : label}
      </Field.Label>
      <Field.Control {...rest} className={cx(styles.control, size === 'lg' && styles.lg)} />
      {description && (
        <Field.Description className={styles.description}>{description}</Field.Description>
      )}
      {error && (
        <Field.Error match={true} className={styles.error}>
          {error}
        </Field.Error>
      )}
    </Field.Root>
  );
}
