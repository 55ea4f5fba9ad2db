import { type CatalogEntry, PLUGIN_FAILURES, type ProjectSnapshot } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.ts';

const context = {
  snapshot: {
    plugins: [{ id: 'p1', trackId: 't1', catalogId: 'mixdown.delay', version: '1.2.0' }],
    tracks: [{ id: 't1', name: 'Bass' }],
    assets: [{ id: 'a1', name: 'Drums.wav' }],
  } as unknown as ProjectSnapshot,
  catalog: {
    entries: [{ id: 'mixdown.delay', version: '1.2.0', name: 'Tape Delay' } as CatalogEntry],
  },
  refused: {},
};
const plugin = { kind: 'plugin', pluginId: 'p1', detail: 'stack' } as const;

describe('describeFailure', () => {
  it('names plugin and track, says what happened and what to do', () => {
    const error = describeFailure({ ...plugin, failure: 'non_finite' }, context);
    expect(error.message).toBe(
      'Tape Delay on the track “Bass” made this export impossible: it put out values that are not numbers. Bypass, replace or remove it, then export again.',
    );
    expect(error).toMatchObject({
      code: 'plugin_failed',
      retryable: false,
      plugin: { catalogId: 'mixdown.delay', version: '1.2.0', failure: 'non_finite' },
    });
  });

  it.each(PLUGIN_FAILURES)('has words for %s', (failure) => {
    expect(describeFailure({ ...plugin, failure }, context).message).not.toContain('undefined');
  });

  it('knows a file that was held back from one that is not there', () => {
    const refused = { 'mixdown.delay@1.2.0': 'integrity' } as const;
    const error = describeFailure({ ...plugin, failure: 'not_found' }, { ...context, refused });
    expect(error.plugin?.failure).toBe('integrity');
  });

  it('names audio that is gone, which no repetition brings back', () => {
    const error = describeFailure({ kind: 'asset_missing', assetId: 'a1' }, context);
    expect(error).toMatchObject({ code: 'asset_missing', retryable: false });
    expect(error.message).toContain('“Drums.wav”');
    expect(describeFailure({ kind: 'asset_missing', assetId: 'x' }, context).message).toContain(
      'of a clip',
    );
  });

  it('passes a refusal on as it was said', () => {
    const error = describeFailure({ kind: 'refused', detail: 'FLAC has 16 or 24 bits.' }, context);
    expect(error).toMatchObject({ code: 'export_refused', retryable: false });
    expect(error.message).toBe('FLAC has 16 or 24 bits.');
  });

  it('tries again after anything else, and keeps the cause', () => {
    const failure = {
      kind: 'error',
      name: 'TimeoutError',
      message: 'slow',
      stack: 'at x',
    } as const;
    const error = describeFailure(failure, context);
    expect(error).toMatchObject({ code: 'render_failed', retryable: true });
    expect(error.cause).toMatchObject({ name: 'TimeoutError', message: 'slow', stack: 'at x' });
  });
});
