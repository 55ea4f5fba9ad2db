import type { Telemetry } from './telemetry.ts';

export interface PluginFailureReport {
  readonly projectId: string;
  readonly catalogId: string;
  readonly version: string;
  /** The contract's PluginFailure. */
  readonly failure: string;
  readonly detail: string;
}

/** A plugin that does not process: an event for the product, and an error that is one problem per plugin and failure. */
export function reportPluginFailure(
  telemetry: Telemetry,
  distinctId: string | undefined,
  { projectId, catalogId, version, failure, detail }: PluginFailureReport,
): void {
  telemetry.capture(distinctId, 'plugin.load_failed', {
    projectId,
    catalogId,
    version,
    reason: failure,
  });
  telemetry.captureError(named('PluginLoadError', `${catalogId}@${version}: ${failure}`), {
    tags: { catalogId, version, failure },
    extra: { detail, projectId },
    fingerprint: ['plugin-load', catalogId, version, failure],
  });
}

export interface ExportFailureReport {
  readonly projectId: string;
  readonly exportId: string;
  readonly format: string;
  readonly code: string;
  readonly attempt: number;
  readonly stage: string;
  readonly error: unknown;
  /** The plugin that failed in the render, where it was one. */
  readonly plugin?: {
    readonly catalogId: string;
    readonly version: string;
    readonly failure: string;
  };
}

/** An attempt at an export that failed. `final` attempts are product events too; others will be repeated. */
export function reportExportFailure(
  telemetry: Telemetry,
  distinctId: string | undefined,
  report: ExportFailureReport,
  final: boolean,
): void {
  const { projectId, exportId, format, code, attempt, stage, error, plugin } = report;
  if (final) {
    telemetry.capture(distinctId, 'export.failed', { projectId, exportId, format, code, attempt });
  }
  telemetry.captureError(error, {
    tags: { code, stage, attempt, format, ...plugin },
    extra: { exportId, projectId },
    ...(plugin ? { fingerprint: ['export', code, plugin.catalogId, plugin.failure] } : {}),
  });
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
