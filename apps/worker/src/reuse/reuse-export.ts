import { EXPORT_CONTENT_TYPES, type ExportOptions } from '@mixdown/contract';
import { exportFileName } from '@mixdown/core/export-file-name';
import { attachment, exportKey } from '@mixdown/storage';
import type { ExportQueue, Reusable } from '../claim/export-queue.ts';
import { resolvedOptions, usedPlugins } from '../render/render-job.ts';
import type { Attempt } from '../run-attempt.ts';
import { StoredResult } from '../upload/export-result.ts';
import type { WorkerDeps } from '../worker-deps.ts';
import { contentKey } from './content-key.ts';

/**
 * Completes an export with a copy of the file of an identical one of the same project, where there is one. Each export
 * has an object of its own, so that expiry, review and deletion of the one never touch the other. Null: render it.
 * Whatever goes wrong on the way only means rendering; rejects with a StoppedError when the lease is lost.
 */
export async function reuseExport(
  { claimed, lease }: Pick<Attempt, 'claimed' | 'lease'>,
  queue: ExportQueue,
  deps: WorkerDeps,
): Promise<StoredResult | null> {
  const { snapshot } = claimed;
  const options = resolvedOptions(claimed.options, snapshot);
  const plugins = usedPlugins(snapshot, deps.catalog, deps.checkFile);
  const key = contentKey({ snapshot, options, plugins, renderCode: deps.renderCode });
  let source: Reusable | null = null;
  await lease.write(async () => {
    const answer = await queue.findReusable(claimed, key);
    source = answer?.found ?? null;
    return answer !== null;
  });
  const found = source as Reusable | null;
  return found && deps.reuse
    ? takeOver({ claimed, lease }, queue, deps, found, options.format)
    : null;
}

async function takeOver(
  { claimed, lease }: Pick<Attempt, 'claimed' | 'lease'>,
  queue: ExportQueue,
  deps: WorkerDeps,
  source: Reusable,
  format: ExportOptions['format'],
): Promise<StoredResult | null> {
  const { snapshot } = claimed;
  const parsed = StoredResult.safeParse(source.result);
  if (!parsed.success) return null;
  const fileName = exportFileName(snapshot.project.name, format);
  const result: StoredResult = { ...parsed.data, fileName, reused: true };
  const to = exportKey(snapshot.project.id, claimed.id, String(claimed.leaseToken), format);
  try {
    const copied = await deps.storage.copy(source.objectKey, to, {
      contentType: EXPORT_CONTENT_TYPES[format],
      contentDisposition: attachment(fileName),
      signal: lease.signal,
    });
    if (copied?.bytes !== result.bytes) {
      if (copied) await deps.storage.delete(to);
      return null;
    }
  } catch (error) {
    lease.signal.throwIfAborted();
    deps.log.warn({ err: error, exportId: claimed.id }, 'an earlier file could not be copied');
    return null;
  }
  let outcome: 'reused' | 'gone' | null = null;
  let uncertain = false;
  try {
    await lease.write(async () => {
      try {
        outcome = await queue.reuse(claimed, source.id, result, to);
      } catch (error) {
        uncertain = true;
        throw error;
      }
      return outcome !== null;
    });
  } catch (error) {
    // Where an outage hides whether the row was written, the object stays: the sweep decides by the row.
    if (!uncertain) await deps.storage.delete(to).catch(() => {});
    throw error;
  }
  if ((outcome as string | null) === 'reused') return result;
  await deps.storage.delete(to);
  return null;
}
