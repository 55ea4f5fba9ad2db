/** A page for the engine's browser tests: hands the engine to the test as `window.harness`. */
import type { Catalog, ExportOptions, ProjectSnapshot } from '@mixdown/contract';
import { probeEngine, renderOffline } from '../src/index.ts';
import workletUrl from '../src/worklet-entry.ts?worker&url';
import { LiveHarness } from './live.ts';

/** Canonical audio of a project's assets from `/audio/<assetId>`. */
function chunksOf(snapshot: ProjectSnapshot) {
  const channels = new Map(snapshot.assets.map((asset) => [asset.id, asset.channels]));
  return async (assetId: string, startFrame: number, frames: number) => {
    const query = `start=${startFrame}&frames=${frames}&channels=${channels.get(assetId)}`;
    const response = await fetch(`/audio/${assetId}?${query}`);
    if (!response.ok) throw new Error(`No audio of ${assetId}`);
    return response.arrayBuffer();
  };
}

/** Sends planar channels to the test as they are. */
async function post(name: string, channels: readonly Float32Array[]) {
  const body = new Blob(channels.map((c) => new Float32Array(c)));
  await fetch(`/result/${name}`, { method: 'POST', body });
}

async function offline(job: {
  snapshot: ProjectSnapshot;
  catalog: Catalog;
  options: Pick<ExportOptions, 'range' | 'tail'>;
}) {
  try {
    const begun = performance.now();
    const channels = await renderOffline({
      ...job,
      workletUrl,
      fetchChunk: chunksOf(job.snapshot),
    });
    const milliseconds = performance.now() - begun;
    await post('offline', channels);
    return { ok: true as const, milliseconds };
  } catch (error) {
    const { pluginId, catalogId, failure } = error as Record<string, unknown>;
    return { ok: false as const, message: String(error), pluginId, catalogId, failure };
  }
}

const live = (job: { snapshot: ProjectSnapshot; catalog: Catalog }) =>
  new LiveHarness({ ...job, fetchChunk: chunksOf(job.snapshot) });

const probe = () => probeEngine(workletUrl);

export const harness = { live, offline, post, probe };
export type Harness = typeof harness;
declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
