import type { PluginFailure } from '@mixdown/contract';
import { ExportError } from '../export-error.ts';
import type { RenderFailure, RenderJob } from './child-protocol.ts';

type Context = Pick<RenderJob, 'snapshot' | 'catalog' | 'refused'>;

const WHAT: Readonly<Record<PluginFailure, string>> = {
  not_found: 'its files are not on the render server',
  integrity: 'its files are not the certified ones',
  syntax: 'its code cannot be read',
  no_constructor: 'it cannot be started',
  timeout: 'it stopped responding',
  processor_error: 'it crashed',
  non_finite: 'it put out values that are not numbers',
  runaway: 'its level grew beyond all bounds',
  unsupported_browser: 'it runs in a browser only',
  blocked_by_policy: 'it asked for something that plugins may not do',
};

/** What a render process reported, as the error that the export ends with. */
export function describeFailure(failure: RenderFailure, context: Context): ExportError {
  if (failure.kind === 'plugin') return pluginError(failure, context);
  if (failure.kind === 'asset_missing') {
    const name = context.snapshot.assets.find((asset) => asset.id === failure.assetId)?.name;
    return new ExportError(
      'asset_missing',
      `The audio ${name ? `“${name}”` : 'of a clip'} is not in storage any more. Remove its clips or upload it again, then export once more.`,
      { retryable: false },
    );
  }
  if (failure.kind === 'refused') {
    return new ExportError('export_refused', failure.detail, { retryable: false });
  }
  const cause = Object.assign(new Error(failure.message), failure);
  return new ExportError('render_failed', 'The render failed on our side.', {
    retryable: true,
    cause,
  });
}

function pluginError(
  { pluginId, failure: reported, detail }: Extract<RenderFailure, { kind: 'plugin' }>,
  { snapshot, catalog, refused }: Context,
): ExportError {
  const slot = snapshot.plugins.find((plugin) => plugin.id === pluginId);
  const track = snapshot.tracks.find(({ id }) => id === slot?.trackId);
  const { catalogId = 'unknown', version = '0' } = slot ?? {};
  // The render process only sees that a file is not there; we know that it was held back.
  const failure = (reported === 'not_found' && refused[`${catalogId}@${version}`]) || reported;
  const entry = catalog.entries.find((e) => e.id === catalogId && e.version === version);
  const where = track ? ` on the track “${track.name}”` : '';
  return new ExportError(
    'plugin_failed',
    `${entry?.name ?? catalogId}${where} made this export impossible: ${WHAT[failure]}. Bypass, replace or remove it, then export again.`,
    {
      retryable: false,
      plugin: { pluginId, catalogId, version, failure },
      cause: new Error(detail),
    },
  );
}
