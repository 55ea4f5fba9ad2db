import { Menu as Base } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import type { ComponentPropsWithRef, ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';
import popup from './popup.module.css';

export interface MenuProps {
  /** The button that opens it; needs an accessible name. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly onOpenChange?: (open: boolean) => void;
}

export function Menu({
  trigger,
  children,
  align = 'start',
  side = 'bottom',
  onOpenChange,
}: MenuProps) {
  return (
    <Base.Root onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={popup.positioner} align={align} side={side} sideOffset={6}>
          <Base.Popup className={popup.popup}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps extends Omit<ComponentPropsWithRef<'div'>, 'style' | 'className'> {
  readonly icon?: ReactNode;
  readonly shortcut?: string;
  readonly tone?: 'danger' | undefined;
  readonly disabled?: boolean;
  readonly hint?: ReactNode;
}

export function MenuItem({ icon, shortcut, tone, hint, children, ...rest }: MenuItemProps) {
  return (
    <Base.Item {...rest} className={cx(popup.item, tone === 'danger' && popup.danger)}>
      {icon}
      <span className={popup.label}>{children}</span>
      {hint && <span className={popup.hint}>{hint}</span>}
      {shortcut && <Kbd keys={shortcut} />}
    </Base.Item>
  );
}

/** An item that leads to another page. */
export function MenuLink({
  icon,
  href,
  children,
}: {
  readonly icon?: ReactNode;
  readonly href: string;
  readonly children: ReactNode;
}) {
  return (
    <Base.LinkItem href={href} className={popup.item}>
      {icon}
      <span className={popup.label}>{children}</span>
    </Base.LinkItem>
  );
}

export interface MenuRadioProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: ReadonlyArray<{ value: T; label: string; icon?: ReactNode }>;
  readonly onChange: (value: T) => void;
}

/** One choice out of several inside a menu. */
export function MenuRadio<T extends string>({
  label,
  value,
  options,
  onChange,
}: MenuRadioProps<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
      <Base.Group>
        <Base.GroupLabel className={popup.groupLabel}>{label}</Base.GroupLabel>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={popup.item}>
            {option.icon}
            <span className={popup.label}>{option.label}</span>
            <span className={popup.check}>
              <Base.RadioItemIndicator>
                <Check size={14} aria-hidden />
              </Base.RadioItemIndicator>
            </span>
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}

/** An item that opens another menu beside this one. */
export function Submenu({
  label,
  icon,
  children,
}: {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className={popup.item}>
        {icon}
        <span className={popup.label}>{label}</span>
        <ChevronRight size={14} aria-hidden />
      </Base.SubmenuTrigger>
      <Base.Portal>
        <Base.Positioner className={popup.positioner} sideOffset={2} collisionPadding={8}>
          <Base.Popup className={popup.popup}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  );
}

export const MenuSeparator = () => <Base.Separator className={popup.separator} />;

export function MenuGroup({
  label,
  children,
}: {
  readonly label: string;
  /** Omitted: a heading for what follows. */
  readonly children?: ReactNode;
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className={popup.groupLabel}>{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}
