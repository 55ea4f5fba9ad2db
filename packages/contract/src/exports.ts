import { z } from 'zod';
import { Id, Timestamp } from './ids.ts';

export const EXPORT_STATUSES = [
  'queued',
  'rendering',
  'encoding',
  'uploading',
  'completed',
  'failed',
  'canceled',
  'expired',
  'revoked',
] as const;
export const ExportStatus = z.enum(EXPORT_STATUSES);
export type ExportStatus = z.infer<typeof ExportStatus>;

export const EXPORT_FORMATS = ['wav', 'flac', 'mp3', 'opus'] as const;

/** What is rendered: the whole song, or frames [startFrame, endFrame) at the project's rate. */
export const ExportRange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({
    kind: z.literal('frames'),
    startFrame: z.int().min(0),
    endFrame: z.int().min(1),
  }),
]);

/** `auto` renders until the effects have died away (at most the chain's longest tail), `none` cuts at the end, or seconds. */
export const ExportTail = z.union([
  z.literal('auto'),
  z.literal('none'),
  z.number().min(0).max(60),
]);

/** `null` leaves the level as it is; otherwise the gain that brings the mix to `lufs`, held under `ceilingDbtp`. */
export const ExportNormalize = z
  .strictObject({
    lufs: z.number().min(-40).max(-6),
    ceilingDbtp: z.number().min(-9).max(0).default(-1),
  })
  .nullable();

export const ExportRequest = z.strictObject({
  format: z.enum(EXPORT_FORMATS).default('wav'),
  sampleRate: z
    .literal([44_100, 48_000])
    .optional()
    .meta({ description: 'default: the project’s rate' }),
  bitDepth: z
    .literal([16, 24, '32f'])
    .default(24)
    .meta({ description: 'WAV and FLAC; FLAC has 16 and 24' }),
  bitrateKbps: z.literal([128, 192, 256, 320]).default(320).meta({ description: 'MP3 and Opus' }),
  range: ExportRange.default({ kind: 'all' }),
  tail: ExportTail.default('auto'),
  normalize: ExportNormalize.default(null),
  /** TPDF, on whenever the bit depth shrinks to 16 or 24. */
  dither: z.boolean().default(true),
  scope: z.enum(['master', 'stems']).default('master'),
  /** A slot whose plugin the catalog lacks passes audio dry, as in playback, and is listed in `result.omitted`; `refuse` answers 422 instead. */
  missingPlugins: z.enum(['omit', 'refuse']).default('omit'),
});
export type ExportRequest = z.infer<typeof ExportRequest>;
/** Resolved: the sample rate is filled in. */
export type ExportOptions = ExportRequest & { sampleRate: 44_100 | 48_000 };

export const ExportPluginUse = z.object({
  catalogId: z.string(),
  name: z.string(),
  version: z.string(),
  count: z.int(),
});

export const ExportResult = z.object({
  downloadUrl: z.string(),
  urlExpiresAt: Timestamp,
  fileName: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  durationSeconds: z.number(),
  /** null = silence (below the −70 LUFS gate). */
  integratedLufs: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
  plugins: z.array(ExportPluginUse),
  omitted: z.array(z.object({ pluginId: Id, catalogId: z.string(), reason: z.string() })),
});

export const ExportView = z.object({
  id: Id,
  projectId: Id,
  projectName: z.string(),
  status: ExportStatus,
  progress: z.object({
    stage: ExportStatus,
    fraction: z.number().min(0).max(1),
    etaSeconds: z.number().nullable(),
  }),
  attempt: z.int(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  completedAt: Timestamp.nullable(),
  expiresAt: Timestamp.nullable(),
  /** seq of the project at the click; the project has been edited since if its seq is larger. */
  snapshotSeq: z.int(),
  editedSince: z.boolean(),
  options: ExportRequest,
  result: ExportResult.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type ExportView = z.infer<typeof ExportView>;
export const ExportList = z.object({ exports: z.array(ExportView) });
export const ExportAccepted = z.object({ id: Id, status: ExportStatus });
