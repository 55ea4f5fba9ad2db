import { createHash } from 'node:crypto';
import { renderDirect } from '@mixdown/engine/direct/render-direct';
import type { ObjectStorage } from '@mixdown/storage';
import { metered } from '../measure/metered.ts';
import { expectedFrames } from '../progress/expected-frames.ts';
import { pluginFileKey, type Rendered, type RenderJob } from './child-protocol.ts';
import { storedAssets } from './open-asset.ts';
import { resampled } from './resampled.ts';
import { SpoolWriter } from './spool-file.ts';

export interface SpooledMix extends Rendered {
  /** Follows from the samples alone, so that the same export is dithered with the same noise. */
  readonly ditherSeed: number;
}

/** Renders a job's mix at the export's rate into its spool file, measuring on the way. Memory is flat with length. */
export async function renderToSpool(
  job: RenderJob,
  storage: Pick<ObjectStorage, 'get'>,
  onProgress: (done: number, total: number) => void,
): Promise<SpooledMix> {
  const mix = renderDirect({
    snapshot: job.snapshot,
    catalog: job.catalog,
    options: job.options,
    threads: job.threads,
    resolvePluginFile: (catalogId, version, path) =>
      job.files[pluginFileKey(catalogId, version, path)] ?? null,
    openAsset: storedAssets(storage, job.assetKeys),
    onProgress(progress) {
      const { done, total } = expectedFrames(progress, job.snapshot.project.sampleRate);
      onProgress(done, total);
    },
  });
  const rates = { fromRate: job.snapshot.project.sampleRate, toRate: job.options.sampleRate };
  const blocks = metered(resampled(mix, rates), job.options.sampleRate);
  const hash = createHash('sha256');
  const spool = await SpoolWriter.create(job.spoolPath);
  try {
    for await (const block of blocks) {
      for (const { buffer, byteOffset, byteLength } of block) {
        hash.update(new Uint8Array(buffer, byteOffset, byteLength));
      }
      await spool.write(block);
    }
  } finally {
    await spool.close();
  }
  return {
    frames: spool.frames,
    measurement: blocks.measurement(),
    ditherSeed: hash.digest().readUInt32LE(0),
  };
}
