import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefusedError } from '@mixdown/contract';
import { createRandom } from '@mixdown/dsp';
import { createOggEncoder } from 'wasm-media-encoders';
import { decodeFile } from './decode/decode-file.ts';
import { decodeWav } from './decode/decode-wav.ts';
import { checkBlocks } from './decode/decoded.ts';
import { identifyFile, openAudio } from './decode/open-audio.ts';
import { encodeAudio } from './encode/encode-audio.ts';
import { loadLibFlac } from './encode/libflac.ts';
import type { EncodeOptions } from './encode/options.ts';

export const OPTIONS: EncodeOptions = {
  format: 'wav',
  sampleRate: 48_000,
  channels: 2,
  bitDepth: 24,
  bitrateKbps: 192,
  dither: false,
  ditherSeed: 1,
  totalFrames: 0,
};

/** A chord with some noise, different in each channel, peaking below full scale. */
export const music = (frames: number, channels: number, rate = 48_000): Float32Array[] =>
  Array.from({ length: channels }, (_, c) => {
    const random = createRandom(c + 1);
    return Float32Array.from({ length: frames }, (_, i) => {
      const t = (2 * Math.PI * i) / rate;
      const chord = Math.sin(220 * t) + Math.sin(277 * t + c) + Math.sin(330 * t);
      return 0.2 * chord + 0.02 * (random.next() - 0.5);
    });
  });

/** Hands planar audio out in blocks of the given lengths, again and again. */
export async function* inBlocks(
  audio: readonly Float32Array[],
  sizes: readonly number[] = [4096],
): AsyncGenerator<Float32Array[]> {
  const frames = audio[0]?.length ?? 0;
  let at = 0;
  for (let k = 0; at < frames; k++) {
    const size = sizes[k % sizes.length]!;
    yield audio.map((samples) => samples.subarray(at, at + size));
    at += size;
  }
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

export const encode = (
  audio: readonly Float32Array[],
  o: Partial<EncodeOptions>,
  sizes?: readonly number[],
): Promise<Uint8Array> =>
  bytesOf(
    encodeAudio(inBlocks(audio, sizes), {
      ...OPTIONS,
      channels: audio.length as 1 | 2,
      totalFrames: audio[0]?.length ?? 0,
      ...o,
    }),
  );

export async function encodeVorbis(audio: Float32Array[], sampleRate: number): Promise<Uint8Array> {
  const encoder = await createOggEncoder();
  encoder.configure({ sampleRate, channels: audio.length as 1 | 2, vbrQuality: 3, oggSerialNo: 7 });
  return Buffer.concat([encoder.encode(audio).slice(), encoder.finalize().slice()]);
}

export async function encodeOggFlac(samples: Int32Array<ArrayBuffer>): Promise<Uint8Array> {
  const flac = await loadLibFlac();
  const encoder = flac.create_libflac_encoder(44_100, 1, 16, 5, samples.length, false, 0);
  const parts: Uint8Array[] = [];
  flac.init_encoder_ogg_stream(encoder, (bytes) => {
    parts.push(bytes.slice());
  });
  flac.FLAC__stream_encoder_process_interleaved(encoder, samples, samples.length);
  flac.FLAC__stream_encoder_finish(encoder);
  return Buffer.concat(parts);
}

/** Runs `use` with a file that holds `bytes`, then removes it. */
async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-codecs-'));
  try {
    const path = join(folder, 'upload');
    await writeFile(path, bytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function collect(channels: number, blocks: AsyncIterable<Float32Array[]>) {
  const parts: Float32Array[][] = Array.from({ length: channels }, () => []);
  let longestBlock = 0;
  for await (const block of blocks) {
    longestBlock = Math.max(longestBlock, block[0]!.length);
    for (const [c, samples] of block.entries()) parts[c]!.push(samples);
  }
  const audio = parts.map((blocksOfChannel) => {
    const out = new Float32Array(blocksOfChannel.reduce((n, b) => n + b.length, 0));
    let at = 0;
    for (const block of blocksOfChannel) {
      out.set(block, at);
      at += block.length;
    }
    return out;
  });
  return { audio, longestBlock };
}

interface DecodeOptions {
  readonly maxSeconds?: number;
  /** Through `openAudio` and its thread, instead of on this thread, which starts much faster. */
  readonly thread?: boolean;
}

/** Decodes `bytes` as a file of the given name, which need not be the true one. */
export const decode = (bytes: Uint8Array, fileName: string, o: DecodeOptions = {}) =>
  withFile(bytes, async (path) => {
    const named = { fileName, maxSeconds: o.maxSeconds ?? 60 };
    if (o.thread) {
      const opened = await openAudio(path, named);
      return { ...opened, ...(await collect(opened.channels, opened.blocks())) };
    }
    const { kind, start, info } = await identifyFile(path, named);
    const blocks = kind === 'wav' ? decodeWav(path, start) : decodeFile({ path, start, kind });
    const checked = checkBlocks(blocks, info, named.maxSeconds);
    return { ...info, format: null, codec: kind, ...(await collect(info.channels, checked)) };
  });

/** The refusal that decoding meets, null if it succeeds; anything else is thrown on. */
export async function refusalOf(
  bytes: Uint8Array,
  fileName: string,
  maxSeconds = 60,
): Promise<{ code: string; detail: string } | null> {
  try {
    await decode(bytes, fileName, { maxSeconds });
    return null;
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal;
    throw error;
  }
}

/** Root mean square of the difference in dB, over the first channels' common length. */
export function errorDb(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) sum += (a[i]! - b[i]!) ** 2;
  return 10 * Math.log10(sum / n);
}
