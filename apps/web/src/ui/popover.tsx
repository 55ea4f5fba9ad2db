import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import popup from './popup.module.css';

export interface PopoverProps {
  readonly trigger: ReactElement<Record<string, unknown>>;
  /** Accessible name of what opens. */
  readonly label: string;
  readonly children: ReactNode;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  readonly className?: string;
}

/** Something small that opens beside a button and leaves the page usable. */
export function Popover({
  trigger,
  label,
  children,
  open,
  onOpenChange,
  align = 'center',
  side = 'bottom',
  className,
}: PopoverProps) {
  return (
    <Base.Root
      {...(open !== undefined && { open })}
      {...(onOpenChange && { onOpenChange: (next: boolean) => onOpenChange(next) })}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          className={popup.positioner}
          align={align}
          side={side}
          sideOffset={8}
          collisionPadding={8}
        >
          <Base.Popup aria-label={label} className={cx(popup.popup, popup.roomy, className)}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
