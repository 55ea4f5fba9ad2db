import { type ExportRequest, OPUS_SAMPLE_RATE } from '@mixdown/contract';

/** The settings that the dialog offers; everything else has one right value. */
export type ExportSettings = Pick<
  ExportRequest,
  'format' | 'bitDepth' | 'bitrateKbps' | 'tail' | 'normalize' | 'dither'
> & { readonly sampleRate: 44_100 | 48_000 };

export interface ExportPreset {
  readonly id: 'share' | 'streaming' | 'archive' | 'cd';
  readonly title: string;
  readonly words: string;
  readonly detail: string;
  readonly settings: ExportSettings;
}

const BASE = { bitrateKbps: 320, tail: 'auto', normalize: null, dither: true } as const;

/** Streaming services play at about this loudness; a mix that comes at it is left alone. */
export const STREAMING_LUFS = -14;
export const CEILING_DBTP = -1;

export const PRESETS: readonly ExportPreset[] = [
  {
    id: 'share',
    title: 'Share',
    words: 'MP3 320',
    detail: 'Small, plays everywhere. For a message or a quick listen.',
    settings: { ...BASE, format: 'mp3', sampleRate: 44_100, bitDepth: 24 },
  },
  {
    id: 'streaming',
    title: 'Streaming',
    words: 'WAV 24-bit, −14 LUFS',
    detail: 'Brought to the loudness of streaming services, peaks held under −1 dBTP.',
    settings: {
      ...BASE,
      format: 'wav',
      sampleRate: 44_100,
      bitDepth: 24,
      normalize: { lufs: STREAMING_LUFS, ceilingDbtp: CEILING_DBTP },
    },
  },
  {
    id: 'archive',
    title: 'Archive',
    words: 'FLAC 24-bit, 48 kHz',
    detail: 'The mix as it is, without loss, at half the size of a WAV.',
    settings: { ...BASE, format: 'flac', sampleRate: 48_000, bitDepth: 24 },
  },
  {
    id: 'cd',
    title: 'CD',
    words: 'WAV 16-bit, 44.1 kHz',
    detail: 'For a disc or an old sampler, dithered.',
    settings: { ...BASE, format: 'wav', sampleRate: 44_100, bitDepth: 16 },
  },
];

/** The preset that the settings are, or null once something was changed by hand. */
export const presetOf = (settings: ExportSettings): ExportPreset['id'] | null =>
  PRESETS.find(
    (preset) => JSON.stringify(sorted(preset.settings)) === JSON.stringify(sorted(settings)),
  )?.id ?? null;

const sorted = (settings: ExportSettings) =>
  Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));

/** Settings with those fields put right that the chosen format cannot have. */
export function fitToFormat(settings: ExportSettings): ExportSettings {
  // FLAC stores whole numbers only.
  if (settings.format === 'flac' && settings.bitDepth === '32f')
    return { ...settings, bitDepth: 24 };
  if (settings.format === 'opus') return { ...settings, sampleRate: OPUS_SAMPLE_RATE };
  return settings;
}
