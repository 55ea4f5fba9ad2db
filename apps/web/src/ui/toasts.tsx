import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';
import styles from './toasts.module.css';

export interface ToastView {
  readonly id: string;
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  readonly title: string;
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; run(): void } | undefined;
  /** Milliseconds until it goes by itself; null = stays. */
  readonly durationMs: number | null;
}

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert };

export interface ToastsProps {
  readonly toasts: readonly ToastView[];
  readonly onDismiss: (id: string) => void;
}

/** The corner for short messages: polite for news, assertive for errors; time stands still under pointer and focus. */
export function Toasts({ toasts, onDismiss }: ToastsProps) {
  const [held, setHeld] = useState(false);
  return (
    <section
      className={styles.region}
      aria-label="Notifications"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} held={held} onDismiss={onDismiss} />
      ))}
    </section>
  );
}

interface ToastCardProps {
  readonly toast: ToastView;
  readonly held: boolean;
  readonly onDismiss: (id: string) => void;
}

function ToastCard({ toast, held, onDismiss }: ToastCardProps) {
  const { id, durationMs, tone, action } = toast;
  useEffect(() => {
    if (held || durationMs === null) return;
    const timer = setTimeout(() => onDismiss(id), durationMs);
    return () => clearTimeout(timer);
  }, [held, durationMs, id, onDismiss]);
  const Icon = ICONS[tone];
  return (
    <div className={cx(styles.toast, styles[tone])} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon size={17} aria-hidden />
      <div className={styles.text}>
        <p className={styles.title}>{toast.title}</p>
        {toast.detail && <p className={styles.detail}>{toast.detail}</p>}
      </div>
      {action && (
        <Button
          size="sm"
          onClick={() => {
            action.run();
            onDismiss(id);
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Dismiss" tooltip={null} size="sm" onClick={() => onDismiss(id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
}
