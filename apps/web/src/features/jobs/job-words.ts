import type { ExportView } from '@mixdown/contract';

/** Where an export stands, in a word or two. */
export const STATUS_WORDS: Readonly<Record<ExportView['status'], string>> = {
  queued: 'Waiting',
  rendering: 'Rendering',
  encoding: 'Encoding',
  uploading: 'Saving',
  completed: 'Ready',
  failed: 'Failed',
  canceled: 'Canceled',
  expired: 'Expired',
  revoked: 'Taken down',
};

/** "WAV · 24 bit · 48 kHz · −14 LUFS". */
export function settingsWords(options: ExportView['options']): string {
  const { format, bitDepth, bitrateKbps, sampleRate, normalize } = options;
  const lossy = format === 'mp3' || format === 'opus';
  const parts = [
    format.toUpperCase(),
    lossy ? `${bitrateKbps} kbit/s` : bitDepth === '32f' ? '32 bit float' : `${bitDepth} bit`,
    ...(sampleRate ? [`${sampleRate / 1000} kHz`] : []),
    ...(normalize ? [`${String(normalize.lufs).replace('-', '−')} LUFS`] : []),
  ];
  return parts.join(' · ');
}

/** What stands on the button that opens the tray: "Rendering 42 %", "2 running", "Exports". */
export function traySummary(views: readonly ExportView[], isActive: (v: ExportView) => boolean) {
  const active = views.filter(isActive);
  const [only] = active;
  if (!only) return 'Exports';
  if (active.length > 1) return `${active.length} exports running`;
  const percent = Math.floor(only.progress.fraction * 100);
  return `${STATUS_WORDS[only.status]}${percent > 0 ? ` ${percent} %` : ''}`;
}
