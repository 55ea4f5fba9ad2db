import { Button as BaseButton } from '@base-ui/react/button';
import type { ReactNode } from 'react';
import styles from './button.module.css';
import type { ButtonProps } from './button.tsx';
import { buttonClass } from './button.tsx';
import { cx } from './cx.ts';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children' | 'aria-label'> {
  /** Accessible name, and the tooltip unless `tooltip` says otherwise. */
  readonly label: string;
  /** `null` = no tooltip. */
  readonly tooltip?: ReactNode;
  readonly shortcut?: string | undefined;
  /** A lucide icon of 14 or 16 px. */
  readonly children: ReactNode;
  /** Makes it a toggle button. */
  readonly pressed?: boolean | undefined;
}

export function IconButton({
  label,
  tooltip = label,
  shortcut,
  tone = 'ghost',
  size = 'md',
  pressed,
  className,
  style,
  ...rest
}: IconButtonProps) {
  const button = (
    <BaseButton
      {...rest}
      {...(style && { style })}
      aria-label={label}
      aria-pressed={pressed}
      className={buttonClass({
        tone,
        size,
        className: cx(styles.icon, pressed && styles.pressed, className),
      })}
    />
  );
  if (tooltip === null) return button;
  return (
    <Tooltip content={tooltip} shortcut={shortcut}>
      {button}
    </Tooltip>
  );
}
