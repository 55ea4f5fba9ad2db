import type { ExportStatus } from '@mixdown/contract';

/**
 * The export's state machine. The database refuses everything else; `queued` is reachable again from the three
 * working states when a lease lapses, a worker hands back, or a failed attempt is repeated after its backoff, and from
 * the ends where its maker repeats it.
 */
export const EXPORT_TRANSITIONS: Readonly<Record<ExportStatus, readonly ExportStatus[]>> = {
  queued: ['rendering', 'canceled', 'failed'],
  rendering: ['encoding', 'queued', 'failed', 'canceled'],
  encoding: ['uploading', 'queued', 'failed', 'canceled'],
  uploading: ['completed', 'queued', 'failed', 'canceled'],
  completed: ['expired', 'revoked'],
  failed: ['queued'],
  canceled: ['queued'],
  expired: ['queued'],
  revoked: [],
};

export const canTransition = (from: ExportStatus, to: ExportStatus): boolean =>
  EXPORT_TRANSITIONS[from].includes(to);

/** Statuses in which a worker holds the export. */
export const RUNNING_STATUSES: readonly ExportStatus[] = ['rendering', 'encoding', 'uploading'];
export const isRunning = (status: ExportStatus): boolean => RUNNING_STATUSES.includes(status);
/** Statuses that change without anybody asking: worth polling. */
export const isActive = (status: ExportStatus): boolean => status === 'queued' || isRunning(status);
