import {
  type Catalog,
  type ExportOptions,
  exportSampleRate,
  type ProjectSnapshot,
} from '@mixdown/contract';
import { pluginFileKey, type RenderJob } from './child-protocol.ts';

export type CheckFile = (
  catalogId: string,
  version: string,
  path: string,
) =>
  | { readonly ok: true; readonly absolutePath: string; readonly sha256: string }
  | { readonly ok: false; readonly failure: 'not_found' | 'integrity' };

/** The part of the collection that a project uses: what a render process is told. */
export function usedPlugins(
  snapshot: Pick<ProjectSnapshot, 'plugins'>,
  catalog: Catalog,
  checkFile: CheckFile,
): Pick<RenderJob, 'catalog' | 'files' | 'refused'> {
  const used = new Set(snapshot.plugins.map(({ catalogId, version }) => `${catalogId}@${version}`));
  const entries = catalog.entries.filter(({ id, version }) => used.has(`${id}@${version}`));
  const files: Record<string, { absolutePath: string; sha256: string }> = {};
  const refused: Record<string, 'not_found' | 'integrity'> = {};
  for (const { id, version, files: listed } of entries) {
    for (const { path } of listed) {
      const file = checkFile(id, version, path);
      if (!file.ok) refused[`${id}@${version}`] = file.failure;
      else {
        const { absolutePath, sha256 } = file;
        files[pluginFileKey(id, version, path)] = { absolutePath, sha256 };
      }
    }
  }
  return { catalog: { entries }, files, refused };
}

/** The assets that are heard: those of clips. */
export const usedAssets = (snapshot: Pick<ProjectSnapshot, 'clips'>): string[] => [
  ...new Set(snapshot.clips.map((clip) => clip.assetId)),
];

/** The rate and the rest as they stand in the row; the rate is filled in where an old row lacks it. */
export const resolvedOptions = (
  options: ExportOptions,
  snapshot: ProjectSnapshot,
): ExportOptions => ({
  ...options,
  sampleRate: exportSampleRate(options, snapshot.project.sampleRate),
});
