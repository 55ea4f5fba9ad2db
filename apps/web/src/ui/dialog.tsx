import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { cx } from './cx.ts';
import styles from './dialog.module.css';
import { IconButton } from './icon-button.tsx';

type FocusTarget = RefObject<HTMLElement | null> | (() => HTMLElement | true | null);

export interface DialogProps {
  /** False where there is no way round what it asks for; the cross would do nothing. */
  readonly closable?: boolean;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at the bottom, the most likely one last. */
  readonly footer?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg';
  readonly initialFocus?: FocusTarget;
  readonly finalFocus?: FocusTarget;
  readonly testId?: string;
  /** Opened from something that dims nothing itself, such as the exports' tray: this one does. */
  readonly dims?: boolean;
}

/** A modal with a title, a way out and, on a phone, the shape of a sheet. */
export function Dialog(props: DialogProps) {
  const { title, description, children, footer, closable = true, ...frame } = props;
  return (
    <DialogFrame {...frame}>
      <div className={styles.header}>
        <div className={styles.heading}>
          <Base.Title className={styles.title}>{title}</Base.Title>
          {description && (
            <Base.Description className={styles.description}>{description}</Base.Description>
          )}
        </div>
        {closable && (
          <Base.Close
            render={
              <IconButton label="Close" tooltip={null}>
                <X size={16} aria-hidden />
              </IconButton>
            }
          />
        )}
      </div>
      {children && <div className={styles.body}>{children}</div>}
      {footer && <div className={styles.footer}>{footer}</div>}
    </DialogFrame>
  );
}

export interface DialogFrameProps
  extends Pick<
    DialogProps,
    'open' | 'onOpenChange' | 'size' | 'initialFocus' | 'finalFocus' | 'testId' | 'dims'
  > {
  readonly children: ReactNode;
  readonly place?: 'center' | 'top';
  /** Only for a frame without a `DialogTitle` inside. */
  readonly label?: string;
  readonly className?: string | undefined;
}

/** A bare modal: backdrop, focus trap, Esc. Whatever is inside brings its own layout. */
export function DialogFrame({
  open,
  onOpenChange,
  size = 'md',
  place = 'center',
  label,
  initialFocus,
  finalFocus,
  testId,
  dims = false,
  className,
  children,
}: DialogFrameProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} forceRender={dims} />
        <Base.Viewport className={styles.viewport} data-place={place}>
          <Base.Popup
            className={cx(styles.popup, styles[size], className)}
            aria-modal
            data-testid={testId}
            initialFocus={initialFocus}
            finalFocus={finalFocus}
            {...(label && { 'aria-label': label })}
          >
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
