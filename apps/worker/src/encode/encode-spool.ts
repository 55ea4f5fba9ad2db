import { open } from 'node:fs/promises';
import { encodeAudio } from '@mixdown/codecs';
import type { ExportOptions } from '@mixdown/contract';
import { dbToGain, normalizationGainDb } from '@mixdown/dsp';
import { metered } from '../measure/metered.ts';
import { pictured } from '../measure/pictured.ts';
import type { Encoded } from '../render/child-protocol.ts';
import type { SpooledMix } from '../render/render-to-spool.ts';
import { readSpool } from '../render/spool-file.ts';

export interface EncodeJob {
  readonly options: ExportOptions;
  readonly spoolPath: string;
  readonly outputPath: string;
}

/** The second pass: spool → level → encoder → file. The level follows from the first pass's measurement. */
export async function encodeSpool(
  { options, spoolPath, outputPath }: EncodeJob,
  mix: SpooledMix,
  onProgress: (encodedFrames: number) => void,
): Promise<Encoded> {
  const { format, sampleRate } = options;
  const gainDb = options.normalize ? normalizationGainDb(mix.measurement, options.normalize) : 0;
  const counted = countFrames(readSpool(spoolPath), onProgress);
  // Without a change of level the first measurement is that of the file, and a second would only cost time.
  const levelled = gainDb === 0 ? null : metered(amplified(counted, dbToGain(gainDb)), sampleRate);
  const picture = pictured(levelled ?? counted, mix.frames);
  const encoded = encodeAudio(picture, {
    format,
    sampleRate,
    channels: 2,
    bitDepth: options.bitDepth,
    bitrateKbps: options.bitrateKbps,
    dither: options.dither,
    ditherSeed: mix.ditherSeed,
    totalFrames: mix.frames,
  });
  const bytes = await writeAll(outputPath, encoded);
  return {
    bytes,
    measurement: levelled?.measurement() ?? mix.measurement,
    peaks: picture.peaks(),
  };
}

async function* countFrames(
  blocks: AsyncIterable<Float32Array[]>,
  onProgress: (frames: number) => void,
): AsyncGenerator<Float32Array[]> {
  let frames = 0;
  for await (const block of blocks) {
    yield block;
    frames += block[0]?.length ?? 0;
    onProgress(frames);
  }
}

/** In place: the spool's blocks are ours. */
async function* amplified(
  blocks: AsyncIterable<Float32Array[]>,
  gain: number,
): AsyncGenerator<Float32Array[]> {
  for await (const block of blocks) {
    for (const channel of block) {
      for (let i = 0; i < channel.length; i++) channel[i] = (channel[i] as number) * gain;
    }
    yield block;
  }
}

async function writeAll(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, 'wx');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      bytes += chunk.byteLength;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
