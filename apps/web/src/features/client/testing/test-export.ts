import type { MyExport } from '@mixdown/contract';

/** A finished WAV export that somebody shared, with whatever a test changes about it. */
export function testExport(id: string, changes: Partial<MyExport> = {}): MyExport {
  return {
    id,
    projectId: 'p',
    projectName: 'Night drive',
    status: 'completed',
    progress: { stage: 'completed', fraction: 1, etaSeconds: 0 },
    attempt: 1,
    createdAt: '2026-03-01T10:00:00.000Z',
    startedAt: null,
    completedAt: '2026-03-01T10:01:00.000Z',
    expiresAt: '2026-03-31T10:01:00.000Z',
    snapshotSeq: 1,
    editedSince: false,
    options: {
      format: 'wav',
      sampleRate: 48_000,
      bitDepth: 24,
      bitrateKbps: 320,
      range: { kind: 'all' },
      tail: 'auto',
      normalize: null,
      dither: true,
      scope: 'master',
      missingPlugins: 'omit',
    },
    result: null,
    error: null,
    shared: true,
    sharedAt: '2026-03-01T11:00:00.000Z',
    sharedBy: 'ana@example.com',
    quarantined: false,
    version: 1,
    ...changes,
  };
}
