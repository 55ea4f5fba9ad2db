import { createHash } from 'node:crypto';
import type { OpenAsset } from '../direct/asset-feed.ts';
import { type RenderDirectOptions, renderDirect } from '../direct/render-direct.ts';
import type { TestPlugins } from './plugins.ts';
import type { TestProject } from './project.ts';

/** Serves a test project's audio by byte range. */
export const openTestAsset =
  (audio: TestProject['audio']): OpenAsset =>
  async (assetId) => ({
    async read(start, end) {
      const samples = audio.get(assetId);
      if (!samples) throw new Error(`No asset ${assetId}`);
      return new Uint8Array(samples.buffer, start, end - start);
    },
  });

/** All blocks of a render as one piece of planar stereo. */
export async function collect(blocks: AsyncIterable<Float32Array[]>): Promise<Float32Array[]> {
  const all: Float32Array[][] = [[], []];
  for await (const block of blocks) block.forEach((channel, c) => void all[c]?.push(channel));
  return all.map((parts) => {
    const out = new Float32Array(parts.reduce((sum, p) => sum + p.length, 0));
    let at = 0;
    for (const p of parts) {
      out.set(p, at);
      at += p.length;
    }
    return out;
  });
}

export const renderTest = (
  project: TestProject,
  plugins: TestPlugins,
  more: Partial<RenderDirectOptions> = {},
): AsyncGenerator<Float32Array[]> =>
  renderDirect({
    snapshot: project.snapshot,
    catalog: plugins.catalog,
    options: { range: { kind: 'all' }, tail: 'none' },
    resolvePluginFile: plugins.resolvePluginFile,
    openAsset: openTestAsset(project.audio),
    threads: 1,
    ...more,
  });

export function hashOf(channels: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const c of channels) hash.update(new Uint8Array(c.buffer, c.byteOffset, c.byteLength));
  return hash.digest('hex');
}
