import { createWavParser } from '@mixdown/dsp';
import { type AudioInfo, type Blocks, corrupt } from './decoded.ts';
import { type Source, streamSource } from './source.ts';

const CHUNK_BYTES = 65_536;

/** Reads the head of a WAV file; refuses one whose samples are cut off. */
export async function probeWav(source: Source, start: number): Promise<AudioInfo> {
  const parser = createWavParser();
  for await (const chunk of source.chunks(start, CHUNK_BYTES)) {
    parser.push(chunk);
    if (parser.dataAt !== null) break;
  }
  if (!parser.format || parser.dataAt === null)
    throw corrupt('The WAV file has a head but no samples; it may be cut off.');
  const { sampleRate, channels, bytes } = parser.format;
  const present = Math.floor((source.bytes - start - parser.dataAt) / (bytes * channels));
  const frames = parser.declaredFrames ?? present;
  if (present < frames)
    throw corrupt(
      `The WAV file is cut off: ${(present / sampleRate).toFixed(1)} s of ${(frames / sampleRate).toFixed(1)} s are there (${frames - present} samples are missing).`,
    );
  return { sampleRate, channels, frames };
}

export const decodeWav = (path: string, start: number): Blocks =>
  streamSource(path, async function* (source) {
    const parser = createWavParser();
    for await (const chunk of source.chunks(start, CHUNK_BYTES)) {
      const block = parser.push(chunk);
      if (block) yield block;
    }
  });
