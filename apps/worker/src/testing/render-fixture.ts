import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Catalog, ExportOptions, ProjectSnapshot } from '@mixdown/contract';
import { writeTestPlugins } from '@mixdown/engine/testing/plugins';
import { type TestTrack, testProject } from '@mixdown/engine/testing/project';
import { assetAudioKey, type ObjectStorage, openStorage } from '@mixdown/storage';
import { loadCatalogs } from '@mixdown/wam-catalog/node';
import type { RenderJob } from '../render/child-protocol.ts';
import { type CheckFile, usedAssets, usedPlugins } from '../render/render-job.ts';

export const OPTIONS: ExportOptions = {
  format: 'wav',
  sampleRate: 48_000,
  bitDepth: 24,
  bitrateKbps: 320,
  range: { kind: 'all' },
  tail: 'none',
  normalize: null,
  dither: true,
  scope: 'master',
  missingPlugins: 'omit',
};

export const LONG_FRAMES = 192_000;

/** Two minutes out of four seconds of audio: long enough for somebody to interfere. */
export const LONG: readonly TestTrack[] = [
  { clips: Array.from({ length: 30 }, (_, i) => ({ startFrame: i * LONG_FRAMES })) },
];

export interface RenderFixture {
  readonly dir: string;
  readonly pluginDirs: readonly string[];
  readonly storage: ObjectStorage;
  readonly catalog: Catalog;
  readonly checkFile: CheckFile;
  /** A project whose audio stands in the storage; each has ids of its own. */
  project(tracks: readonly TestTrack[], frames: number): Promise<ProjectSnapshot>;
  job(snapshot: ProjectSnapshot, options?: Partial<ExportOptions>): RenderJob;
  close(): Promise<void>;
}

/** The plugins that people use, as `npm run build` leaves them. */
export const REAL_PLUGINS = path.resolve(import.meta.dirname, '../../../../plugins/dist');

/** Test plugins and the real ones, an object storage (files, unless `env` says R2) and projects to render. */
export async function createRenderFixture(env: NodeJS.ProcessEnv = {}): Promise<RenderFixture> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'mixdown-worker-'));
  const pluginDirs = [path.join(dir, 'plugins'), REAL_PLUGINS];
  await writeTestPlugins(path.join(dir, 'plugins'));
  const { catalog, checkFile } = await loadCatalogs(pluginDirs);
  const storage = openStorage(env, { dataDir: dir, publicUrl: 'http://localhost' });
  let jobs = 0;
  return {
    dir,
    pluginDirs,
    storage,
    catalog,
    checkFile,
    async project(tracks, frames) {
      const fixed = testProject(catalog, tracks, { frames });
      const own = `${randomBytes(4).toString('hex')}-0000-4000`;
      const snapshot = JSON.parse(
        JSON.stringify(fixed.snapshot).replaceAll('00000000-0000-4000', own),
      ) as ProjectSnapshot;
      for (const [index, samples] of [...fixed.audio.values()].entries()) {
        const id = snapshot.assets[index]?.id ?? '';
        const body = (async function* () {
          yield new Uint8Array(samples.buffer);
        })();
        await storage.put(assetAudioKey(id), body, { contentType: 'application/octet-stream' });
      }
      return snapshot;
    },
    job(snapshot, options = {}) {
      const name = path.join(dir, `job-${jobs++}`);
      return {
        snapshot,
        ...usedPlugins(snapshot, catalog, checkFile),
        assetKeys: Object.fromEntries(usedAssets(snapshot).map((id) => [id, assetAudioKey(id)])),
        options: { ...OPTIONS, ...options },
        threads: 1,
        spoolPath: `${name}.f32`,
        outputPath: `${name}.out`,
        dataDir: dir,
      };
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
