import type { PluginFailure } from '@mixdown/contract';

/** A plugin made a render impossible. A render with a broken plugin never ends as if nothing had happened. */
export class PluginRenderError extends Error {
  override readonly name = 'PluginRenderError';
  readonly pluginId: string;
  readonly catalogId: string;
  readonly failure: PluginFailure;

  constructor(
    where: { pluginId: string; catalogId: string; failure: PluginFailure },
    detail: string,
  ) {
    super(`${where.catalogId} failed (${where.failure}): ${detail}`);
    this.pluginId = where.pluginId;
    this.catalogId = where.catalogId;
    this.failure = where.failure;
  }
}
