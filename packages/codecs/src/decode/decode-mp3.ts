import { MPEGDecoder } from 'mpg123-decoder';
import { silentFrame } from '../mpeg/silent-frame.ts';
import { type Blocks, corrupt } from './decoded.ts';
import { type MpegFrame, mpegFrames } from './mpeg-frames.ts';
import { probeMp3 } from './probe-mp3.ts';
import { streamSource } from './source.ts';

/** What a decoder adds in front by the nature of its filter bank, samples. */
const DECODER_DELAY = 529;
/** Compressed bytes that are decoded at once. */
const BATCH_BYTES = 16_384;
/** Some encoders count their Info frame, some do not. */
const SLACK_FRAMES = 1;

/** Joins frames into runs of about BATCH_BYTES. */
async function* batches(frames: AsyncIterable<MpegFrame>): AsyncGenerator<Uint8Array> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for await (const frame of frames) {
    batch.push(frame.data);
    bytes += frame.data.length;
    if (bytes < BATCH_BYTES) continue;
    yield Buffer.concat(batch);
    batch = [];
    bytes = 0;
  }
  yield Buffer.concat(batch);
}

/**
 * Decodes MP3 (and layers I and II), and cuts what the encoder added where an Info frame tells how much that is.
 * Damage between frames, frames that cannot be decoded and missing frames are refused.
 */
export const decodeMp3 = (path: string, start: number): Blocks =>
  streamSource(path, async function* (source) {
    const {
      header,
      infoFrame,
      frames: stated,
      sampleRate,
      channels,
    } = await probeMp3(source, start);
    const audioAt = infoFrame ? start + header.bytes : start;
    // Trimmed here and not by the decoder, which must then not see the info frame either.
    const decoder = new MPEGDecoder({ enableGapless: false });
    await decoder.ready;
    const hasDelays = infoFrame?.delay != null && infoFrame.padding != null;
    let toSkip = hasDelays ? infoFrame.delay! + DECODER_DELAY : 0;
    let toGive = hasDelays && stated !== null ? stated : Number.POSITIVE_INFINITY;
    let given = 0;
    let frameCount = 0;
    /** What lies behind the stated end: padding, unless the file goes on. */
    let beyond: Float32Array[][] = [];
    const decode = (data: Uint8Array): Float32Array[][] => {
      const { channelData, errors, sampleRate: rate, samplesDecoded } = decoder.decode(data);
      if (errors.length > 0)
        throw corrupt(`The MP3 file is damaged at ${(given / sampleRate).toFixed(1)} s.`);
      if (samplesDecoded > 0 && rate !== sampleRate)
        throw corrupt('The MP3 file’s sample rate changes in the middle.');
      const from = Math.min(toSkip, samplesDecoded);
      const to = Math.min(samplesDecoded, from + toGive);
      toSkip -= from;
      toGive -= to - from;
      given += to - from;
      const sound = channelData.slice(0, channels);
      const blocks = [sound.map((samples) => samples.subarray(from, to))];
      if (to < samplesDecoded) beyond.push(sound.map((samples) => samples.slice(to)));
      if (frameCount > (infoFrame?.frameCount ?? Number.POSITIVE_INFINITY) + SLACK_FRAMES) {
        // Files that were joined carry the head of their first: everybody hears the others too.
        blocks.push(...beyond);
        beyond = [];
        toGive = Number.POSITIVE_INFINITY;
      }
      return blocks;
    };
    const counted = async function* () {
      for await (const frame of mpegFrames(source, audioAt, header)) {
        frameCount++;
        yield frame;
      }
    };
    try {
      for await (const batch of batches(counted())) if (batch.length > 0) yield* decode(batch);
      if (frameCount < (infoFrame?.frameCount ?? 0))
        throw corrupt(
          `The MP3 file is cut off: ${(given / sampleRate).toFixed(1)} s of ${((stated ?? 0) / sampleRate).toFixed(1)} s are there.`,
        );
      // The filter bank still holds the end of the sound: a silent frame of the same kind brings it out.
      if (Number.isFinite(toGive) && toGive > 0) yield* decode(silentFrame(header));
    } finally {
      decoder.free();
    }
  });
