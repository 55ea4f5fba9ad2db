import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import styles from './button.module.css';
import { cx } from './cx.ts';

export type ButtonTone = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ControlSize = 'sm' | 'md' | 'lg';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  readonly tone?: ButtonTone;
  readonly size?: ControlSize;
  /** Stays in the tab order while disabled, so that a screen reader can say why nothing happens. */
  readonly focusableWhenDisabled?: boolean;
  readonly icon?: ReactNode;
}

/** A button with words. For a link that looks like one, take `buttonClass`. */
export function Button({
  tone = 'secondary',
  size = 'md',
  icon,
  className,
  children,
  style,
  ...rest
}: ButtonProps) {
  return (
    <BaseButton
      {...rest}
      {...(style && { style })}
      className={buttonClass({ tone, size, className })}
    >
      {icon}
      {children}
    </BaseButton>
  );
}

/** The look of a button, for other elements. */
export const buttonClass = (
  o: { tone?: ButtonTone; size?: ControlSize; className?: string | undefined } = {},
): string => cx(styles.button, styles[o.tone ?? 'secondary'], styles[o.size ?? 'md'], o.className);
