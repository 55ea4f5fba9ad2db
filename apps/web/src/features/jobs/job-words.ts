import type { ExportView } from '@mixdown/contract';
import { isActive } from '@mixdown/core';
import { formatName } from '../format-units.ts';

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
    formatName(format),
    lossy ? `${bitrateKbps} kbit/s` : bitDepth === '32f' ? '32 bit float' : `${bitDepth} bit`,
    ...(sampleRate ? [`${sampleRate / 1000} kHz`] : []),
    ...(normalize ? [`${String(normalize.lufs).replace('-', '−')} LUFS`] : []),
  ];
  return parts.join(' · ');
}

/** "2 running, 3 waiting"; empty where nothing is under way. */
export function underWayWords(views: readonly Pick<ExportView, 'status'>[]): string {
  const waiting = views.filter(({ status }) => status === 'queued').length;
  const running = views.filter(({ status }) => isActive(status)).length - waiting;
  const words = [running && `${running} running`, waiting && `${waiting} waiting`];
  return words.filter(Boolean).join(', ');
}

/** What stands on the button that opens the tray: "Rendering 42 %", "2 running, 1 waiting", "Exports". */
export function traySummary(views: readonly ExportView[]): string {
  const active = views.filter(({ status }) => isActive(status));
  const [only] = active;
  if (!only) return 'Exports';
  if (active.length > 1) return underWayWords(active);
  const percent = Math.floor(only.progress.fraction * 100);
  return `${STATUS_WORDS[only.status]}${percent > 0 ? ` ${percent} %` : ''}`;
}
