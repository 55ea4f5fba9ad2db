import {
  type Catalog,
  type ExportOptions,
  type ExportRequest,
  OPUS_SAMPLE_RATE,
  type ProjectSnapshot,
  type Refusal,
  refuse,
} from '@mixdown/contract';
import { buildPlan, songLength } from '@mixdown/engine/plan';

/** Longest file that is made: an hour. Its WAV in 32-bit float has 1.4 GB, far below RIFF's 4 GiB. */
export const MAX_EXPORT_SECONDS = 60 * 60;

/**
 * The most that one export may cost, as duration × tracks × rate: hours of all tracks together at 48 kHz, such as 32
 * tracks for an hour, or 64 for half of one.
 */
export const MAX_TRACK_HOURS = 32;
const WORK_RATE = 48_000;

/** What is kept beside the export: how much there is to do, and what is left out. */
export interface PlanSummary {
  readonly lengthFrames: number;
  readonly maxTailFrames: number;
  readonly sampleRate: number;
  readonly tracks: number;
  /** Those with clips. */
  readonly soundingTracks: number;
  readonly plugins: number;
  readonly omitted: readonly { pluginId: string; catalogId: string; reason: string }[];
}

/** What nothing in a project can change: refused before anything is read. */
export function checkSupported(
  options: Pick<ExportRequest, 'scope' | 'format' | 'bitDepth' | 'sampleRate' | 'range'>,
): void {
  if (options.scope === 'stems') {
    throw refuse('not_yet_supported', 'Stems are not supported yet; export the master.');
  }
  const { format, bitDepth, sampleRate, range } = options;
  if (format === 'flac' && bitDepth === '32f') {
    throw refuse('validation_failed', 'FLAC has 16 or 24 bits; 32-bit float is for WAV.', {
      errors: [{ pointer: '/bitDepth', detail: 'must be 16 or 24 for flac' }],
    });
  }
  if (format === 'opus' && sampleRate !== undefined && sampleRate !== OPUS_SAMPLE_RATE) {
    throw refuse(
      'validation_failed',
      'Opus has a sample rate of 48 kHz, whatever it is made from.',
      {
        errors: [{ pointer: '/sampleRate', detail: 'must be 48000 for opus, or left out' }],
      },
    );
  }
  if (range.kind === 'frames' && range.endFrame <= range.startFrame) {
    throw refuse('validation_failed', 'The range ends before it begins.', {
      errors: [{ pointer: '/range/endFrame', detail: 'must be greater than startFrame' }],
    });
  }
}

function findProblem(
  snapshot: ProjectSnapshot,
  options: ExportOptions,
  plan: PlanSummary,
): Refusal | null {
  const { range } = options;
  const end = songLength(snapshot.clips);
  if (end === 0) {
    return {
      code: 'export_refused',
      detail: 'The project is empty: put audio on a track, then export.',
    };
  }
  if (range.kind === 'frames' && range.startFrame >= end) {
    return {
      code: 'export_refused',
      detail: `The range begins behind the end of the song, which is frame ${end}.`,
    };
  }
  const seconds = (plan.lengthFrames + plan.maxTailFrames) / plan.sampleRate;
  if (seconds > MAX_EXPORT_SECONDS) {
    return {
      code: 'export_too_large',
      detail: `The file could last ${Math.ceil(seconds / 60)} minutes; ${MAX_EXPORT_SECONDS / 60} is the most. Choose a shorter range or tail.`,
    };
  }
  const trackHours = ((seconds / 3600) * plan.soundingTracks * plan.sampleRate) / WORK_RATE;
  if (trackHours > MAX_TRACK_HOURS) {
    return {
      code: 'export_too_large',
      detail: `${plan.soundingTracks} tracks of ${Math.ceil(seconds / 60)} minutes are ${Math.ceil(trackHours)} hours of audio to mix; ${MAX_TRACK_HOURS} is the most. Choose a shorter range, or export in two halves.`,
    };
  }
  if (options.missingPlugins === 'refuse' && plan.omitted.length > 0) {
    return {
      code: 'export_refused',
      detail: `${plan.omitted.length} plugins are missing: ${[...new Set(plan.omitted.map((o) => o.catalogId))].join(', ')}.`,
      extra: { omitted: plan.omitted },
    };
  }
  return null;
}

/** Plans the export as the renderer will, and says what stands against it. Pure. */
export function preflight(
  snapshot: ProjectSnapshot,
  catalog: Catalog,
  options: ExportOptions,
): { plan: PlanSummary; problem: Refusal | null } {
  const sampleRate = snapshot.project.sampleRate;
  const built = buildPlan(snapshot, catalog, {
    range: options.range,
    tail: options.tail,
    sampleRate,
  });
  const plan: PlanSummary = {
    lengthFrames: built.lengthFrames,
    maxTailFrames: built.maxTailFrames,
    sampleRate,
    tracks: built.tracks.length,
    soundingTracks: new Set(snapshot.clips.map(({ trackId }) => trackId)).size,
    plugins: built.tracks.reduce((sum, track) => sum + track.slots.length, 0),
    omitted: built.omitted,
  };
  return { plan, problem: findProblem(snapshot, options, plan) };
}
