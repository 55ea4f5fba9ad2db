import { OPUS_SAMPLE_RATE, refuse } from '@mixdown/contract';
import { encodeFlac } from './encode-flac.ts';
import { encodeMp3 } from './encode-mp3.ts';
import { encodeOpus } from './encode-opus.ts';
import { encodeWav } from './encode-wav.ts';
import { type EncodeOptions, exactly } from './options.ts';

/**
 * Encodes planar float blocks (full scale ±1, any lengths) as a file. Memory is constant; FLAC and MP3 pass through a
 * temporary file, because their heads hold what only the end knows. The same input and options give the same bytes.
 *
 * Throws RefusedError `validation_failed` for a combination no file can have, and Error if the blocks are not
 * `totalFrames` of `channels`.
 */
export function encodeAudio(
  blocks: AsyncIterable<Float32Array[]>,
  o: EncodeOptions,
): AsyncIterable<Uint8Array> {
  const checked = exactly(blocks, o);
  switch (o.format) {
    case 'wav':
      return encodeWav(checked, o);
    case 'mp3':
      return encodeMp3(checked, o);
    case 'opus':
      if (o.sampleRate !== OPUS_SAMPLE_RATE)
        throw refuse('validation_failed', 'Opus has a sample rate of 48 kHz.');
      return encodeOpus(checked, o);
    case 'flac': {
      const { bitDepth } = o;
      if (bitDepth === '32f')
        throw refuse('validation_failed', 'FLAC has 16 or 24 bits, not 32-bit float.');
      return encodeFlac(checked, { ...o, bitDepth });
    }
  }
}
