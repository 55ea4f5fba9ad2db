import { parseMpegHeader } from '../mpeg/frame-header.ts';
import { skipId3 } from './id3.ts';
import type { Source } from './source.ts';

/** Kinds that we decode. */
export const AUDIO_KINDS = ['wav', 'flac', 'mp3', 'ogg-vorbis', 'ogg-opus', 'ogg-flac'] as const;
export type AudioKind = (typeof AUDIO_KINDS)[number];

export type Content =
  | { readonly kind: AudioKind /** Where it begins, behind tags. */; readonly start: number }
  /** Something else that we can name, with its article: "a PNG picture". */
  | {
      readonly kind: 'other';
      readonly name: string;
      /** Those that such a file rightly has, although we cannot read it. */
      readonly extensions?: readonly string[];
    }
  | { readonly kind: 'unknown' };

/** Enough for every signature below, and for a few frames of MP3. */
const HEAD_BYTES = 16_384;
/** How far into the file the first MP3 frame may lie behind something unknown. */
const MP3_SEARCH_BYTES = 4096;
const MP3_FRAMES_IN_A_ROW = 3;

/** [offset, bytes as latin1, name]. */
const SIGNATURES: readonly (readonly [number, string, string])[] = [
  [0, '\x89PNG', 'a PNG picture'],
  [0, '\xff\xd8\xff', 'a JPEG picture'],
  [0, 'GIF8', 'a GIF picture'],
  [8, 'WEBP', 'a WebP picture'],
  [0, 'BM', 'a BMP picture'],
  [0, 'II*\0', 'a TIFF picture'],
  [0, 'MM\0*', 'a TIFF picture'],
  [0, '%PDF', 'a PDF document'],
  [0, 'PK\x03\x04', 'a ZIP archive or an Office document'],
  [0, '\x1f\x8b', 'a gzip archive'],
  [0, 'Rar!', 'a RAR archive'],
  [0, '7z\xbc\xaf', 'a 7-Zip archive'],
  [0, 'FORM', 'AIFF audio'],
  [0, 'caff', 'Core Audio (CAF) audio'],
  [0, 'riff\x2e\x91', 'Wave64 (W64) audio'],
  [0, '#!AMR', 'AMR audio'],
  [0, 'wvpk', 'WavPack audio'],
  [0, 'MAC ', 'Monkey’s Audio'],
  [0, 'MThd', 'a MIDI file'],
  [0, '\x30\x26\xb2\x75', 'Windows Media (WMA or WMV)'],
  [0, '\x1a\x45\xdf\xa3', 'a Matroska or WebM file'],
  [8, 'AVI ', 'an AVI video'],
  [4, 'ftypM4A', 'AAC or ALAC audio (M4A)'],
  [4, 'ftyp', 'an MP4 or QuickTime file'],
  [0, 'FLV\x01', 'a Flash video'],
  [0, '\x7fELF', 'a program'],
  [0, 'MZ', 'a program'],
  [0, '<!DOCTYPE', 'an HTML page'],
  [0, '<html', 'an HTML page'],
  [0, '<?xml', 'an XML file'],
];

const OGG_CODECS: readonly (readonly [string, AudioKind])[] = [
  ['\x01vorbis', 'ogg-vorbis'],
  ['OpusHead', 'ogg-opus'],
  ['\x7fFLAC', 'ogg-flac'],
];

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

function isAdts(bytes: Uint8Array): boolean {
  const length = ((bytes[3]! & 3) << 11) | (bytes[4]! << 3) | (bytes[5]! >> 5);
  const sync = (at: number) => bytes[at] === 0xff && (bytes[at + 1]! & 0xf6) === 0xf0;
  return length > 7 && sync(0) && sync(length);
}

/** Where the first of several frames in a row begins, −1 if nowhere: a single header may be chance. */
function findMpegFrames(bytes: Uint8Array, isWholeFile: boolean): number {
  for (let start = 0; start < Math.min(bytes.length, MP3_SEARCH_BYTES); start++) {
    let at = start;
    let found = 0;
    while (found < MP3_FRAMES_IN_A_ROW) {
      const header = parseMpegHeader(bytes, at);
      if (!header) break;
      found++;
      at += header.bytes;
    }
    const endsHere = found > 0 && at >= bytes.length && isWholeFile;
    if (found === MP3_FRAMES_IN_A_ROW || endsHere) return start;
  }
  return -1;
}

/** Says what a file is by its content alone. */
export async function sniff(source: Source): Promise<Content> {
  const start = await skipId3(source);
  const head = await source.read(start, HEAD_BYTES);
  const text = latin1(head);
  if (/^(RIFF|RIFX|RF64|BW64)/.test(text) && text.startsWith('WAVE', 8))
    return { kind: 'wav', start };
  if (text.startsWith('fLaC')) return { kind: 'flac', start };
  if (text.startsWith('OggS')) {
    const payload = text.slice(27 + (head[26] ?? 0));
    if (payload.length < 8) return { kind: 'unknown' };
    const codec = OGG_CODECS.find(([magic]) => payload.startsWith(magic));
    return codec
      ? { kind: codec[1], start }
      : {
          kind: 'other',
          name: 'an Ogg file without Vorbis, Opus or FLAC audio',
          extensions: ['ogg', 'oga'],
        };
  }
  const signature = SIGNATURES.find(([at, magic]) => text.startsWith(magic, at));
  if (signature) return { kind: 'other', name: signature[2] };
  if (isAdts(head)) return { kind: 'other', name: 'AAC audio' };
  const mpegAt = findMpegFrames(head, start + head.length >= source.bytes);
  if (mpegAt >= 0) return { kind: 'mp3', start: start + mpegAt };
  // An ID3 tag says MP3 even where no frame can be found behind it.
  return start > 0 && head.length > 0 ? { kind: 'mp3', start } : { kind: 'unknown' };
}
