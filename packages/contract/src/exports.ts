import { z } from 'zod';
import { AssetPeaks } from './assets.ts';
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
/** What their files are served as. */
export const EXPORT_CONTENT_TYPES: Readonly<Record<(typeof EXPORT_FORMATS)[number], string>> = {
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
};

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

/**
 * `null` leaves the level as it is; otherwise the mix is brought to `lufs` with its true peak under `ceilingDbtp`: by a
 * gain alone where peaks allow it, else with a limiter, which takes 12 dB off them at most. The result says what came out.
 */
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
    .meta({ description: 'default: the project’s rate; Opus has 48 kHz alone' }),
  bitDepth: z
    .literal([16, 24, '32f'])
    .default(24)
    .meta({ description: 'WAV and FLAC; FLAC has 16 and 24' }),
  bitrateKbps: z
    .literal([128, 192, 256, 320])
    .default(320)
    .meta({ description: 'MP3, constant; Opus, on average' }),
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

/** Opus plays at this rate, whatever it was made from (RFC 7845 §4). */
export const OPUS_SAMPLE_RATE = 48_000;
/** The rate of the file in Hz: as asked for, or else the project's, where the format leaves the choice. */
export const exportSampleRate = (
  { format, sampleRate }: Pick<ExportRequest, 'format' | 'sampleRate'>,
  projectRate: ExportOptions['sampleRate'],
): ExportOptions['sampleRate'] =>
  sampleRate ?? (format === 'opus' ? OPUS_SAMPLE_RATE : projectRate);

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
  /** The file of an identical earlier export of the project was taken over; nothing was rendered again. */
  reused: z.boolean().default(false),
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

/** Where a listing goes on; as it came from the server, and nobody's business but its own. */
export const Cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,200}$/, 'must be the `next` of an earlier answer')
  .meta({ description: 'The `next` of an earlier answer' });
/** Rows of one answer. Query parameters are text. */
export const PageLimit = z.coerce.number().int().min(1).max(100).default(50);
/** Yes or no as a query parameter. */
export const Flag = z.enum(['true', 'false']).transform((flag) => flag === 'true');

export const MyExportsQuery = z.strictObject({
  /** Those that were shared with the caller, or those of the projects that they make; without it, both. */
  shared: Flag.optional(),
  projectId: Id.optional(),
  status: ExportStatus.optional(),
  cursor: Cursor.optional(),
  limit: PageLimit,
});
/** Pairs of min and max of an overview: more than a wide screen has pixels to draw bars on. */
export const EXPORT_PEAKS = 1500;
/** A picture of the file's sound: `EXPORT_PEAKS` pairs at most, as in `AssetPeaks`, at the file's rate. */
export const ExportPeaks = AssetPeaks;
export type ExportPeaks = AssetPeaks;

/** An export in the list of all that somebody sees. */
export const MyExport = ExportView.extend({
  /** Seen because it was shared, and not as one of those who make the project. */
  shared: z.boolean(),
  /** null where `shared` is false. */
  sharedAt: Timestamp.nullable(),
  /** Held back while it is being reviewed: nobody downloads it meanwhile. */
  quarantined: z.boolean(),
  /** Which of its project's exports it is, by time, from 1; the same for everybody who sees it. */
  version: z.int().min(1),
  /** The address of whoever shared it; null where `shared` is false, or they have gone. */
  sharedBy: z.string().nullable(),
});
export type MyExport = z.infer<typeof MyExport>;
export const MyExports = z.object({
  exports: z.array(MyExport),
  /** null = that was all. */
  next: Cursor.nullable(),
});
export type MyExports = z.infer<typeof MyExports>;

/** One change of an export's status, as it is kept for good; `id` grows with time. */
export const ExportChange = z.object({
  id: z.int(),
  from: ExportStatus.nullable(),
  to: ExportStatus,
  at: Timestamp,
  attempt: z.int(),
  /** Why, where there is something to say; what admins noted stays with them. */
  reason: z.string().nullable(),
});
export type ExportChange = z.infer<typeof ExportChange>;
export const EXPORT_STREAM_ENDS = [
  /** The export has come to its end. */
  'finished',
  /** It is not the caller's to see any more. */
  'access_lost',
  /** Signed out, or the token has run out: go on with a new one. */
  'token_expired',
  /** This server stops: connect again. */
  'shutting_down',
] as const;
export const ExportStreamEnd = z.object({ reason: z.enum(EXPORT_STREAM_ENDS) });
export type ExportStreamEnd = z.infer<typeof ExportStreamEnd>;
/** The events of an export's stream by name, with the shape of their data. */
export const EXPORT_STREAM = {
  state: ExportView,
  change: ExportChange,
  progress: ExportView.shape.progress,
  end: ExportStreamEnd,
} as const;
export type ExportStreamEvent = keyof typeof EXPORT_STREAM;

/** Statuses after which an export's stream ends. */
export const TERMINAL_STATUSES = [
  'completed',
  'failed',
  'canceled',
  'expired',
  'revoked',
] as const satisfies readonly ExportStatus[];
export const isTerminal = (status: ExportStatus): boolean =>
  (TERMINAL_STATUSES as readonly ExportStatus[]).includes(status);
export const ExportAccepted = z.object({ id: Id, status: ExportStatus });
