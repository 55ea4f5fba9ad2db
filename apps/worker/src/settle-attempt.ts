import { reportExportFailure } from '@mixdown/telemetry';
import type { ExportQueue } from './claim/export-queue.ts';
import { isOutage, StoppedError } from './claim/lease.ts';
import { ExportError } from './export-error.ts';
import type { SpoolFolder } from './render/spool-folder.ts';
import { type Attempt, runAttempt } from './run-attempt.ts';
import type { WorkerDeps } from './worker-deps.ts';

const CANCELED = { code: 'canceled', message: 'Canceled.', retryable: false } as const;

/** Runs an attempt and writes down how it ended, for the queue, the log and telemetry. Never rejects. */
export async function settleAttempt(
  attempt: Attempt,
  queue: ExportQueue,
  spools: SpoolFolder,
  deps: WorkerDeps,
): Promise<void> {
  const { claimed, lease } = attempt;
  const log = deps.log.child({ exportId: claimed.id, attempt: claimed.attempt });
  log.info('export started');
  try {
    const { result, renderSeconds } = await runAttempt(attempt, queue, spools, deps);
    const { format } = claimed.options;
    deps.metrics.exportCompleted(format);
    deps.telemetry.capture(claimed.requestedBy, 'export.completed', {
      projectId: claimed.projectId,
      exportId: claimed.id,
      format,
      durationSeconds: result.durationSeconds,
      renderSeconds,
      bytes: result.bytes,
    });
    log.info({ renderSeconds, bytes: result.bytes }, 'export completed');
  } catch (error) {
    const reason: unknown = lease.signal.aborted ? lease.signal.reason : error;
    await settleFailure(reason, attempt, queue, { ...deps, log }).catch((cause: unknown) =>
      // The lease runs out and the reaper gives the export to somebody else.
      log.warn({ err: cause }, 'the end of an attempt could not be written down'),
    );
  } finally {
    lease.end();
  }
}

async function settleFailure(
  reason: unknown,
  { claimed, lease, progress }: Attempt,
  queue: ExportQueue,
  deps: WorkerDeps,
): Promise<void> {
  const { log, metrics, telemetry } = deps;
  if (reason instanceof StoppedError) {
    log.info({ reason: reason.reason }, 'export stopped');
    if (reason.reason === 'handed_back') await queue.release(claimed);
    // The database knows of the wish, and ends a canceled export as such.
    if (reason.reason === 'canceled') await queue.fail(claimed, CANCELED);
    return;
  }
  const error = asExportError(reason);
  // The reports come first: they must not be lost with the database.
  metrics.exportFailed(error.code, error.retryable);
  log.error({ err: error, code: error.code }, 'export failed');
  let status: string | null = null;
  try {
    await lease.write(async () => {
      status = await queue.fail(claimed, error);
      return status !== null;
    });
  } finally {
    const { stage } = progress.current();
    reportExportFailure(
      telemetry,
      claimed.requestedBy,
      {
        projectId: claimed.projectId,
        exportId: claimed.id,
        format: claimed.options.format,
        code: error.code,
        attempt: claimed.attempt,
        stage,
        error,
        ...(error.plugin ? { plugin: error.plugin } : {}),
      },
      status === 'failed',
    );
  }
}

/** Whatever is not expected is a bug or the machine: worth another attempt, on a sentence that promises nothing. */
function asExportError(reason: unknown): ExportError {
  if (reason instanceof ExportError) return reason;
  const message = isOutage(reason)
    ? 'The database was out of reach.'
    : 'Something went wrong on our side while exporting.';
  return new ExportError('internal', message, { retryable: true, cause: reason });
}
