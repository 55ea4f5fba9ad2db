import { createHash } from 'node:crypto';
import type { ExportOptions, ProjectSnapshot } from '@mixdown/contract';
import { canonicalJson } from '@mixdown/core';
import type { RenderJob } from '../render/child-protocol.ts';

export interface ExportContent {
  readonly snapshot: ProjectSnapshot;
  /** With its defaults filled in. */
  readonly options: ExportOptions;
  readonly plugins: Pick<RenderJob, 'catalog' | 'files' | 'refused'>;
  /** Of the code that renders and encodes, see `renderCode`. */
  readonly renderCode: string;
}

/**
 * What the bytes of an exported file follow from, as SHA-256 (hex): two exports with the same key have the same file.
 * Names, colours, positions in the log and times do not reach the file; everything else of the snapshot is taken to.
 */
export function contentKey({ snapshot, options, plugins, renderCode }: ExportContent): string {
  const { project, tracks, clips, assets, plugins: slots } = snapshot;
  const heard = new Set(clips.map(({ assetId }) => assetId));
  const content = {
    renderCode,
    options,
    project: { id: project.id, sampleRate: project.sampleRate, tempo: project.tempo },
    tracks: tracks.map(({ name: _, color: __, ...rest }) => rest),
    clips,
    assets: assets
      .filter(({ id }) => heard.has(id))
      .map(({ id, sha256, frames, channels, sampleRate }) => ({
        id,
        sha256,
        frames,
        channels,
        sampleRate,
      })),
    slots: slots.map(({ fence: _, createdAt: __, updatedAt: ___, ...rest }) => rest),
    catalog: plugins.catalog,
    files: Object.fromEntries(Object.entries(plugins.files).map(([k, { sha256 }]) => [k, sha256])),
    refused: plugins.refused,
  };
  // Through JSON first: what is undefined is not there.
  const json = JSON.parse(JSON.stringify(content)) as Parameters<typeof canonicalJson>[0];
  return createHash('sha256').update(canonicalJson(json)).digest('hex');
}
