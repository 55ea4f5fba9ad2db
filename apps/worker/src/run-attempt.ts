import { exportFileName } from '@mixdown/core/export-file-name';
import { buildPlan } from '@mixdown/engine/plan';
import { exportFolder, exportKey } from '@mixdown/storage';
import type { ClaimedExport, ExportQueue } from './claim/export-queue.ts';
import { Lease } from './claim/lease.ts';
import { ProgressTracker } from './progress/progress-tracker.ts';
import { stageWeights } from './progress/stage-weights.ts';
import { resolvedOptions, usedAssets, usedPlugins } from './render/render-job.ts';
import { RenderProcess } from './render/render-process.ts';
import type { SpoolFolder } from './render/spool-folder.ts';
import { reuseExport } from './reuse/reuse-export.ts';
import { deleteBelow } from './upload/delete-below.ts';
import { exportResult, type StoredResult } from './upload/export-result.ts';
import { uploadExport } from './upload/upload-export.ts';
import type { WorkerDeps } from './worker-deps.ts';

export interface Attempt {
  readonly claimed: ClaimedExport;
  readonly lease: Lease;
  readonly progress: ProgressTracker;
  /** Threads of its render; the bytes do not depend on it. */
  readonly threads: number;
}

export interface Finished {
  readonly result: StoredResult;
  /** null: the file of an identical export was taken over. */
  readonly renderSeconds: number | null;
}

const monotonic = () => performance.now();

export function beginAttempt(
  claimed: ClaimedExport,
  queue: ExportQueue,
  deps: WorkerDeps,
  /** Exports that run on this worker now, this one included: they share the cores, a lone one has them all. */
  running: number,
): Attempt {
  const { leaseSeconds, heartbeatMs } = deps.timings;
  const options = resolvedOptions(claimed.options, claimed.snapshot);
  const weights = stageWeights(options, claimed.snapshot.project.sampleRate);
  const progress = new ProgressTracker(weights, monotonic);
  const lease = new Lease({
    leaseMs: leaseSeconds * 1000,
    heartbeatMs,
    heartbeat: (current) => queue.heartbeat(claimed, leaseSeconds, current),
    progress: () => progress.current(),
    now: monotonic,
  });
  const threads = Math.max(1, Math.floor(deps.cores / running));
  return { claimed, lease, progress, threads };
}

/**
 * Render → encode → upload → completed. Rejects with a StoppedError when the lease says so and with an ExportError
 * when the attempt failed; in both cases the render process, the spool and the uploaded object are gone.
 */
export async function runAttempt(
  { claimed, lease, progress, threads }: Attempt,
  queue: ExportQueue,
  spools: SpoolFolder,
  deps: WorkerDeps,
): Promise<Finished> {
  const { snapshot } = claimed;
  const options = resolvedOptions(claimed.options, snapshot);
  const { format, sampleRate } = options;
  const { signal } = lease;
  await clearEarlier(claimed, deps);
  const reused = await reuseExport({ claimed, lease }, queue, deps);
  if (reused) return { result: reused, renderSeconds: null };
  const timed = timer(deps.metrics, format);
  const spool = await spools.open(`${claimed.id}.${claimed.leaseToken}`);
  const render = new RenderProcess(
    {
      snapshot,
      ...usedPlugins(snapshot, deps.catalog, deps.checkFile),
      assetKeys: await queue.assetKeys(usedAssets(snapshot)),
      options,
      threads,
      spoolPath: `${spool.path}/mix.f32`,
      outputPath: `${spool.path}/mix.${format}`,
      dataDir: deps.dataDir,
    },
    {
      limits: deps.limits,
      env: deps.env,
      onProgress: (stage, done, total) => progress.report(stage, done, total),
    },
  );
  const startedAt = monotonic();
  const key = exportKey(snapshot.project.id, claimed.id, String(claimed.leaseToken), format);
  try {
    const { frames } = await timed('render', () => render.render(signal));
    const renderSeconds = (monotonic() - startedAt) / 1000;
    deps.metrics.renderSpeed(frames / sampleRate / renderSeconds);
    progress.report('encoding', 0, 1);
    await lease.write(() => queue.advance(claimed, 'encoding'));
    const { bytes, measurement, peaks } = await timed('encode', () => render.encode(signal));
    progress.report('uploading', 0, 1);
    await lease.write(() => queue.advance(claimed, 'uploading'));
    await lease.write(() => queue.storePeaks(claimed, peaks));
    const stored = await timed('upload', () =>
      uploadExport(deps.storage, {
        path: `${spool.path}/mix.${format}`,
        key,
        fileName: exportFileName(snapshot.project.name, format),
        format,
        signal,
        onProgress: (done) => progress.report('uploading', done, bytes),
      }),
    );
    const plan = buildPlan(snapshot, deps.catalog, {
      ...options,
      sampleRate: snapshot.project.sampleRate,
    });
    const projectName = snapshot.project.name;
    const result = exportResult({
      projectName,
      format,
      plan,
      frames,
      sampleRate,
      measurement,
      stored,
    });
    await complete({ claimed, lease }, queue, deps, { result, key });
    return { result, renderSeconds };
  } finally {
    await render.kill();
    await spool.remove();
  }
}

/**
 * An object whose export did not become `completed` belongs to nobody. Where an outage hides whether the row was
 * written, the object stays: the sweep decides later, by the row.
 */
async function complete(
  { claimed, lease }: Pick<Attempt, 'claimed' | 'lease'>,
  queue: ExportQueue,
  { storage, log }: WorkerDeps,
  { result, key }: { result: StoredResult; key: string },
): Promise<void> {
  let uncertain = false;
  try {
    await lease.write(async () => {
      try {
        return await queue.complete(claimed, result, key);
      } catch (error) {
        uncertain = true;
        throw error;
      }
    });
  } catch (error) {
    if (!uncertain) {
      await storage.delete(key).catch((cause: unknown) => log.warn({ cause, key }, 'orphan left'));
    }
    throw error;
  }
}

/**
 * What earlier leases of this export have uploaded, or half uploaded when they were killed, is nobody's: they have lost
 * the lease, and none of them completed. The list of orphans has it too, for where there is no later attempt.
 */
async function clearEarlier(
  { id, projectId, leaseToken }: ClaimedExport,
  { storage, log }: WorkerDeps,
): Promise<void> {
  if (leaseToken === 1) return;
  await deleteBelow(storage, exportFolder(projectId, id)).catch((cause: unknown) =>
    log.warn({ cause, exportId: id }, 'leftovers of an earlier attempt stay for now'),
  );
}

function timer(metrics: WorkerDeps['metrics'], format: string) {
  return async <T>(stage: 'render' | 'encode' | 'upload', work: () => Promise<T>): Promise<T> => {
    const from = monotonic();
    const value = await work();
    metrics.exportStage({ stage, format }, (monotonic() - from) / 1000);
    return value;
  };
}
