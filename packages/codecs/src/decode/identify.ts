import { refuse } from '@mixdown/contract/errors';
import { type AudioKind, sniff } from './sniff.ts';
import type { Source } from './source.ts';

const LABELS: Record<AudioKind, string> = {
  wav: 'WAV',
  flac: 'FLAC',
  mp3: 'MP3',
  'ogg-vorbis': 'Ogg Vorbis',
  'ogg-opus': 'Ogg Opus',
  'ogg-flac': 'Ogg FLAC',
};

/** What a name promises, by extension. */
const PROMISES: Readonly<Record<string, readonly AudioKind[]>> = {
  wav: ['wav'],
  wave: ['wav'],
  bwf: ['wav'],
  rf64: ['wav'],
  flac: ['flac'],
  mp3: ['mp3'],
  mp2: ['mp3'],
  mpga: ['mp3'],
  ogg: ['ogg-vorbis', 'ogg-opus', 'ogg-flac'],
  oga: ['ogg-vorbis', 'ogg-opus', 'ogg-flac'],
  opus: ['ogg-opus'],
};
const EXTENSION: Record<AudioKind, string> = {
  wav: 'wav',
  flac: 'flac',
  mp3: 'mp3',
  'ogg-vorbis': 'ogg',
  'ogg-opus': 'opus',
  'ogg-flac': 'oga',
};
/** Extensions of other things: a file that is so named and holds audio of ours lies as well. */
const OTHERS = new Set(
  'aif aiff aifc m4a mp4 aac wma caf w64 amr ape wv mid midi png jpg jpeg gif webp pdf zip mov avi mkv webm txt'.split(
    ' ',
  ),
);

const ACCEPTED = 'Upload WAV, FLAC, MP3, Ogg Vorbis or Opus.';

/**
 * Finds out what the file is by its content, and holds its name to it. Throws RefusedError: `asset_empty`,
 * `asset_mislabelled` (the name says something else), `asset_unsupported`, `asset_corrupt`.
 */
export async function identify(
  source: Source,
  fileName: string,
): Promise<{ kind: AudioKind; start: number }> {
  if (source.bytes === 0) throw refuse('asset_empty', `“${fileName}” is empty: it has 0 bytes.`);
  const dot = fileName.lastIndexOf('.');
  const extension = dot > 0 ? fileName.slice(dot + 1).toLowerCase() : '';
  const stem = dot > 0 ? fileName.slice(0, dot) : fileName;
  const promised = PROMISES[extension];
  const named = `“${fileName}” is named as ${extension.toUpperCase()}`;
  const content = await sniff(source);
  if (content.kind === 'other') {
    if (promised && !content.extensions?.includes(extension))
      throw refuse('asset_mislabelled', `${named} but is ${content.name}. ${ACCEPTED}`);
    throw refuse('asset_unsupported', `“${fileName}” is ${content.name}. ${ACCEPTED}`);
  }
  if (content.kind === 'unknown') {
    if (promised)
      throw refuse('asset_corrupt', `${named} but holds nothing of the kind; it may be damaged.`);
    throw refuse('asset_unsupported', `“${fileName}” is not audio that we know. ${ACCEPTED}`);
  }
  if (promised ? !promised.includes(content.kind) : OTHERS.has(extension))
    throw refuse(
      'asset_mislabelled',
      `${named} but holds ${LABELS[content.kind]} audio. Rename it to “${stem}.${EXTENSION[content.kind]}” and upload it again.`,
    );
  return content;
}
