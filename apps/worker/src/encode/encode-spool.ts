import { open } from 'node:fs/promises';
import { encodeAudio } from '@mixdown/codecs';
import type { ExportOptions } from '@mixdown/contract';
import { metered } from '../measure/metered.ts';
import { pictured } from '../measure/pictured.ts';
import type { Encoded } from '../render/child-protocol.ts';
import type { SpooledMix } from '../render/render-to-spool.ts';
import { readSpool } from '../render/spool-file.ts';
import { findLevel, isAsMixed, levelled, MOST_PASSES } from './level.ts';

export interface EncodeJob {
  readonly options: ExportOptions;
  readonly spoolPath: string;
  readonly outputPath: string;
}

/**
 * The second pass: spool → level → encoder → file. The level follows from the first pass's measurement; where peaks have
 * to be limited for it, it is found in passes of its own, which count as the first half of the progress.
 */
export async function encodeSpool(
  { options, spoolPath, outputPath }: EncodeJob,
  mix: SpooledMix,
  onProgress: (doneFrames: number) => void,
): Promise<Encoded> {
  const { format, sampleRate } = options;
  let searched = 0;
  const level = await findLevel(mix.measurement, options.normalize, {
    sampleRate,
    read: () => {
      const before = (searched++ * mix.frames) / MOST_PASSES;
      const share = (frames: number) => Math.floor((before + frames / MOST_PASSES) / 2);
      return countFrames(readSpool(spoolPath), (frames) => onProgress(share(frames)));
    },
  });
  const encodedShare = (frames: number) =>
    searched === 0 ? frames : Math.ceil((mix.frames + frames) / 2);
  const counted = countFrames(readSpool(spoolPath), (frames) => onProgress(encodedShare(frames)));
  // Without a change of level the first measurement is that of the file, and a second would only cost time.
  const changed = isAsMixed(level)
    ? null
    : metered(levelled(counted, level, sampleRate), sampleRate);
  const picture = pictured(changed ?? counted, mix.frames);
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
    measurement: changed?.measurement() ?? mix.measurement,
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
