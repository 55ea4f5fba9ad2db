import { refuse } from '@mixdown/contract';
import { SUBTYPE_TAIL } from './wav-header.ts';
import type { SampleEncoding } from './wav-samples.ts';

/** What a `fmt ` chunk says. */
export interface WavFormat extends SampleEncoding {
  readonly sampleRate: number;
  readonly channels: number;
}

/** As much of a `fmt ` chunk as has a meaning (the extensible form). */
export const FORMAT_BYTES = 40;

/** Compressed kinds that people do meet inside of WAV files. */
const COMPRESSED: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG',
  85: 'MP3',
  255: 'AAC',
};

/**
 * Reads a `fmt ` chunk: PCM in containers of 1–4 bytes, float of 4 or 8, plain or extensible.
 * Throws RefusedError `asset_corrupt` or `asset_unsupported`.
 */
export function parseWavFormat(chunk: Uint8Array): WavFormat {
  if (chunk.length < 16) throw refuse('asset_corrupt', 'The WAV file’s format chunk is cut short.');
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  let tag = view.getUint16(0, true);
  if (tag === 0xfffe) {
    const known = SUBTYPE_TAIL.every((byte, i) => chunk[26 + i] === byte);
    if (!known)
      throw refuse(
        'asset_unsupported',
        'The WAV file holds audio of an unknown kind; PCM is needed.',
      );
    tag = view.getUint16(24, true);
  }
  if (channels === 0 || sampleRate === 0)
    throw refuse('asset_corrupt', 'The WAV file says that it has no channels or no sample rate.');
  if (tag !== 1 && tag !== 3) {
    const kind = COMPRESSED[tag] ?? `compressed (format ${tag})`;
    throw refuse(
      'asset_unsupported',
      `The WAV file holds ${kind} audio. Save it as uncompressed (PCM) WAV, or as FLAC.`,
    );
  }
  const kind = tag === 1 ? 'pcm' : 'float';
  const bytes = blockAlign / channels;
  const sizes = kind === 'pcm' ? [1, 2, 3, 4] : [4, 8];
  if (!sizes.includes(bytes) || bits > bytes * 8 || bits <= (bytes - 1) * 8)
    throw refuse(
      'asset_corrupt',
      `The WAV file’s format makes no sense: ${channels} channels of ${bits} bits in frames of ${blockAlign} bytes.`,
    );
  return { kind, bytes, sampleRate, channels };
}
