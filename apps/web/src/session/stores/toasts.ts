import { create } from 'zustand';

export interface Toast {
  readonly id: string;
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  readonly title: string;
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; run(): void } | undefined;
  /** Milliseconds until it goes by itself; null = stays. */
  readonly durationMs: number | null;
}

const DURATION_MS = { info: 5000, success: 4000, warning: 8000, error: 10_000 } as const;
const MAX_TOASTS = 4;

export const useToasts = create<{ toasts: readonly Toast[] }>()(() => ({ toasts: [] }));

/** Shows a short message; returns its id. The same title and detail again replaces the earlier one. */
export function toast(
  input: Omit<Toast, 'id' | 'durationMs'> & { durationMs?: number | null },
): string {
  const id = crypto.randomUUID();
  const durationMs = input.durationMs === undefined ? DURATION_MS[input.tone] : input.durationMs;
  useToasts.setState(({ toasts }) => ({
    toasts: [
      ...toasts.filter((t) => t.title !== input.title || t.detail !== input.detail),
      { ...input, id, durationMs },
    ].slice(-MAX_TOASTS),
  }));
  return id;
}

export const dismissToast = (id: string): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((t) => t.id !== id) }));
