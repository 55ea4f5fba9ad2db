import { z } from 'zod';
import { Id, Timestamp } from './ids.ts';

export const MAX_UPLOAD_BYTES = 200 * 1024 * 1024;
export const MAX_ASSET_SECONDS = 30 * 60;

/**
 * Canonical audio: decoded and resampled once, at upload, to the project's rate.
 * Content is raw little-endian float32, interleaved, `frames × channels`, without any header;
 * byte offset of frame f = f · channels · 4.
 */
export const Asset = z.object({
  id: Id,
  projectId: Id,
  name: z.string(),
  channels: z.int().min(1).max(2),
  sampleRate: z.int(),
  frames: z.int().min(1),
  sourceFormat: z.enum(['wav', 'flac', 'mp3', 'ogg', 'generated']),
  sourceSampleRate: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  createdAt: Timestamp,
});
export type Asset = z.infer<typeof Asset>;

/** Peaks for drawing: `peaks[2k], peaks[2k+1]` = min and max (int8, −127…127) of the k-th run of `framesPerPeak` frames over all channels, base64. */
export const AssetPeaks = z.object({ framesPerPeak: z.int(), peaks: z.string() });
export type AssetPeaks = z.infer<typeof AssetPeaks>;

/** Canonical frames are fetched in runs of this length, by byte Range. */
export const ASSET_CHUNK_FRAMES = 131_072;
