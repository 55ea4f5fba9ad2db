import type { ExportView } from '@mixdown/contract';

const TYPES: Readonly<Record<ExportView['options']['format'], string>> = {
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  opus: 'audio/ogg; codecs="opus"',
};

/** Whether the browser says that it may play this format. "Maybe" counts: the element tells for certain. */
export const canPlay = (
  { format }: Pick<ExportView['options'], 'format'>,
  media: Pick<HTMLMediaElement, 'canPlayType'>,
): boolean => media.canPlayType(TYPES[format]) !== '';
