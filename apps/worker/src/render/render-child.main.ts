/**
 * The render process: one per export, so that a plugin that runs wild takes nothing else with it and can be killed.
 * Lives exactly as long as the worker that forked it wants.
 */
import { RefusedError } from '@mixdown/contract';
import { PluginRenderError } from '@mixdown/engine/render-error';
import { openStorage } from '@mixdown/storage';
import type { Stage } from '../progress/stage-weights.ts';
import type { FromChild, RenderFailure, RenderJob, ToChild } from './child-protocol.ts';
import { AssetMissingError } from './open-asset.ts';
import { renderToSpool, type SpooledMix } from './render-to-spool.ts';

/** Often enough for a progress bar, rarely enough to cost nothing. */
const PROGRESS_EVERY_MS = 100;

// A worker that was killed cannot stop its renders: they end with their channel to it.
process.on('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole process group; the worker decides what becomes of a render.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

/** To a worker that has just been killed nothing can be said, which is no news: `disconnect` ends this process. */
const send = (message: FromChild) => process.send?.(message, () => undefined);

function reporter(stage: Stage) {
  let last = Number.NEGATIVE_INFINITY;
  return (done: number, total: number) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS && done < total) return;
    last = now;
    send({ type: 'progress', stage, done, total });
  };
}

let state: { readonly job: RenderJob; readonly mix: SpooledMix } | undefined;

async function render(job: RenderJob): Promise<void> {
  const storage = openStorage(process.env, { dataDir: job.dataDir, publicUrl: 'http://localhost' });
  const mix = await renderToSpool(job, storage, reporter('rendering'));
  state = { job, mix };
  send({ type: 'rendered', frames: mix.frames, measurement: mix.measurement });
}

async function encode(): Promise<void> {
  if (!state) throw new Error('there is nothing to encode yet');
  const { job, mix } = state;
  // Loaded while nothing waits for it: a render starts sooner without the encoders.
  const { encodeSpool } = await import('../encode/encode-spool.ts');
  const report = reporter('encoding');
  const encoded = await encodeSpool(job, mix, (frames) => report(frames, mix.frames));
  send({ type: 'encoded', ...encoded });
}

function describe(error: unknown): RenderFailure {
  if (error instanceof PluginRenderError) {
    const { pluginId, failure, message } = error;
    return { kind: 'plugin', pluginId, failure, detail: message };
  }
  if (error instanceof AssetMissingError) return { kind: 'asset_missing', assetId: error.assetId };
  if (error instanceof RefusedError) return { kind: 'refused', detail: error.refusal.detail };
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'error', name, message, stack };
}

process.on('message', (message: ToChild) => {
  const work = message.type === 'render' ? render(message.job) : encode();
  work.catch((error: unknown) => send({ type: 'failed', failure: describe(error) }));
});
