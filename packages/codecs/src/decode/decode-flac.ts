import { createHash } from 'node:crypto';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import CodecParser, { type CodecFrame } from 'codec-parser';
import { type Blocks, corrupt } from './decoded.ts';
import { type FlacInfo, probeFlac } from './probe-flac.ts';
import { type Source, streamSource } from './source.ts';

const CHUNK_BYTES = 16_384;
/** Samples per channel that are decoded at once: a frame of a few bytes may hold 65,535. */
const BATCH_FRAMES = 65_536;

/**
 * The decoder divides by 2^(bits−1) − 1; everybody else, and our own encoders, by 2^(bits−1). Undoing that gives back
 * the file's whole numbers, which float32 holds exactly up to 24 bits.
 */
function wholeNumbers(block: readonly Float32Array[], bitsPerSample: number): Int32Array[] {
  const scale = 2 ** (bitsPerSample - 1) - 1;
  return block.map((samples) => {
    const out = new Int32Array(samples.length);
    for (let i = 0; i < out.length; i++) out[i] = Math.round(samples[i]! * scale);
    return out;
  });
}

function asFloats(block: readonly Int32Array[], bitsPerSample: number): Float32Array[] {
  const scale = 2 ** (1 - bitsPerSample);
  return block.map((samples) => {
    const out = new Float32Array(samples.length);
    for (let i = 0; i < out.length; i++) out[i] = samples[i]! * scale;
    return out;
  });
}

/** MD5 over the samples as FLAC takes it: interleaved whole numbers, little-endian, in whole bytes. */
function audioHash(bitsPerSample: number) {
  const hash = createHash('md5');
  const bytes = Math.ceil(bitsPerSample / 8);
  return {
    update(block: readonly Int32Array[]) {
      const frames = block[0]?.length ?? 0;
      const out = new Uint8Array(frames * block.length * bytes);
      const stride = block.length * bytes;
      for (const [c, samples] of block.entries()) {
        for (let b = 0; b < bytes; b++) {
          const shift = 8 * b;
          for (let i = 0, at = c * bytes + b; i < frames; i++, at += stride)
            out[at] = samples[i]! >> shift;
        }
      }
      hash.update(out);
    },
    hex: () => hash.digest('hex'),
  };
}

/**
 * Decodes FLAC frame by frame. Frames whose checksum fails never reach the decoder, so damage shows as missing
 * samples or as another MD5 than the head states: both are refused at the end.
 */
export const decodeFlac = (path: string, start: number): Blocks =>
  streamSource(path, async function* (source) {
    const info = await probeFlac(source, start);
    const decoder = new FLACDecoder();
    await decoder.ready;
    try {
      yield* verified(
        info,
        frameBlocks(source, start, (frames) => decoder.decodeFrames(frames)),
      );
    } finally {
      decoder.free();
    }
  });

/** What the decoders give back. */
export interface Decoded {
  readonly channelData: Float32Array[];
  readonly sampleRate: number;
  readonly errors: readonly unknown[];
}

/** The parser's declared type lacks what makes its generators iterable. */
function* framesOf(parsed: Iterator<CodecFrame>): Generator<CodecFrame> {
  for (let next = parsed.next(); !next.done; next = parsed.next()) yield next.value;
}

async function* frameBlocks(
  source: Source,
  start: number,
  decode: (frames: Uint8Array[]) => Promise<Decoded>,
): AsyncGenerator<Decoded> {
  const parser = new CodecParser<CodecFrame>('audio/flac', { enableFrameCRC32: false });
  let batch: Uint8Array[] = [];
  let batchFrames = 0;
  const drain = async () => {
    const decoded = await decode(batch);
    batch = [];
    batchFrames = 0;
    return decoded;
  };
  for await (const chunk of source.chunks(start, CHUNK_BYTES)) {
    for (const frame of framesOf(parser.parseChunk(chunk))) {
      batch.push(frame.data);
      batchFrames += frame.samples;
      if (batchFrames >= BATCH_FRAMES) yield await drain();
    }
    if (batch.length > 0) yield await drain();
  }
  for (const frame of framesOf(parser.flush())) batch.push(frame.data);
  if (batch.length > 0) yield await drain();
}

/** Passes blocks on, and refuses at the end what is not the audio that the head describes. */
export async function* verified(
  info: FlacInfo,
  decoded: AsyncIterable<Decoded>,
): AsyncGenerator<Float32Array[]> {
  const bits = info.bitsPerSample;
  const hash = info.md5 ? audioHash(bits) : null;
  let frames = 0;
  for await (const { channelData, errors, sampleRate } of decoded) {
    if (errors.length > 0) throw corrupt(damagedAt(frames, info.sampleRate));
    const length = channelData[0]?.length ?? 0;
    if (length > 0 && sampleRate !== info.sampleRate)
      throw corrupt('The FLAC file’s sample rate changes in the middle.');
    frames += length;
    const samples = wholeNumbers(channelData, bits);
    hash?.update(samples);
    yield asFloats(samples, bits);
  }
  if (info.frames !== null && frames < info.frames)
    throw corrupt(
      `The FLAC file is damaged or cut off: ${(frames / info.sampleRate).toFixed(1)} s of ${(info.frames / info.sampleRate).toFixed(1)} s can be decoded.`,
    );
  if (hash && hash.hex() !== info.md5)
    throw corrupt('The FLAC file is damaged: its audio does not match the checksum in its head.');
}

const damagedAt = (frames: number, rate: number) =>
  `The FLAC file is damaged at ${(frames / rate).toFixed(1)} s.`;
