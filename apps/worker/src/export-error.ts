import type { PluginFailure } from '@mixdown/contract';

export interface FailedPlugin {
  readonly pluginId: string;
  readonly catalogId: string;
  readonly version: string;
  readonly failure: PluginFailure;
}

/** Codes that an export's `error` carries. */
export type ExportErrorCode =
  | 'plugin_failed'
  | 'asset_missing'
  | 'export_refused'
  | 'render_crashed'
  | 'render_stalled'
  | 'render_out_of_memory'
  | 'render_failed'
  | 'upload_failed'
  | 'internal';

/** An attempt that failed. `message` is a sentence for the person who wanted the export; the cause is for us. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
  readonly code: ExportErrorCode;
  /** Whether another attempt can end otherwise. */
  readonly retryable: boolean;
  readonly plugin: FailedPlugin | undefined;

  constructor(
    code: ExportErrorCode,
    message: string,
    options: { retryable: boolean; plugin?: FailedPlugin; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.plugin = options.plugin;
  }
}
