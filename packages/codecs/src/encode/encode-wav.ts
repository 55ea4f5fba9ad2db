import { createTpdfDither, encodeWavHeader, encodeWavSamples, wavPadding } from '@mixdown/dsp';
import { type EncodeOptions, pieces } from './options.ts';

/** WAV: PCM of 16 or 24 bits or 32-bit float, RF64 above 4 GiB. Written straight through. */
export async function* encodeWav(
  blocks: AsyncIterable<Float32Array[]>,
  o: EncodeOptions,
): AsyncGenerator<Uint8Array> {
  const layout = {
    sampleRate: o.sampleRate,
    channels: o.channels,
    bitDepth: o.bitDepth,
    frames: o.totalFrames,
  };
  const dither = o.dither ? createTpdfDither(o.ditherSeed) : null;
  yield encodeWavHeader(layout);
  for await (const block of blocks)
    for (const piece of pieces(block)) yield encodeWavSamples(piece, o.bitDepth, dither);
  if (wavPadding(layout) > 0) yield new Uint8Array(wavPadding(layout));
}
