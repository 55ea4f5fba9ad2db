import { ExportResult } from '@mixdown/contract';
import { exportFileName } from '@mixdown/core/export-file-name';
import type { RenderPlan } from '@mixdown/engine/plan';
import type { z } from 'zod';
import type { Measurement } from '../measure/measurement.ts';

/** What is kept of a finished export; URLs are minted whenever somebody asks. */
export const StoredResult = ExportResult.omit({ downloadUrl: true, urlExpiresAt: true });
export type StoredResult = z.infer<typeof StoredResult>;

/** The plugins that were heard: on audible tracks, not bypassed; most used first. */
export function pluginsUsed(plan: Pick<RenderPlan, 'tracks'>): StoredResult['plugins'] {
  const uses = new Map<string, StoredResult['plugins'][number]>();
  for (const { entry, bypassed } of plan.tracks.flatMap((t) => (t.audible ? t.slots : []))) {
    if (!entry || bypassed) continue;
    const key = `${entry.id}@${entry.version}`;
    const { id: catalogId, name, version } = entry;
    uses.set(key, { catalogId, name, version, count: (uses.get(key)?.count ?? 0) + 1 });
  }
  return [...uses.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

const rounded = (value: number | null) => (value === null ? null : Math.round(value * 100) / 100);

export function exportResult(parts: {
  readonly projectName: string;
  readonly format: string;
  readonly plan: RenderPlan;
  readonly frames: number;
  readonly sampleRate: number;
  readonly measurement: Measurement;
  readonly stored: { bytes: number; sha256: string };
}): StoredResult {
  return {
    fileName: exportFileName(parts.projectName, parts.format),
    ...parts.stored,
    durationSeconds: parts.frames / parts.sampleRate,
    integratedLufs: rounded(parts.measurement.integratedLufs),
    truePeakDbtp: rounded(parts.measurement.truePeakDbtp),
    plugins: pluginsUsed(parts.plan),
    omitted: [...parts.plan.omitted],
    reused: false,
  };
}
