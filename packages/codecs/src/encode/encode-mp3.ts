import { createMp3Encoder } from 'wasm-media-encoders';
import { crc16 } from '../mpeg/crc16.ts';
import { parseMpegHeader } from '../mpeg/frame-header.ts';
import { buildInfoFrame, infoFrameBytes } from '../mpeg/info-frame.ts';
import { type EncodeOptions, pieces } from './options.ts';
import { withSpool } from './spool.ts';

/** Silence that LAME puts in front (its ENCDELAY), in samples. */
const ENCODER_DELAY = 576;
type Bitrate = 128 | 192 | 256 | 320;

/** Follows encoded bytes from frame to frame: how many there are, and where the first one's header is. */
function frameCounter() {
  let rest: Uint8Array = new Uint8Array(0);
  let toSkip = 0;
  let frameCount = 0;
  let samples = 0;
  let firstHeader: Uint8Array | null = null;
  return {
    add(bytes: Uint8Array) {
      const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
      let at = toSkip;
      while (at + 4 <= all.length) {
        const header = parseMpegHeader(all, at);
        if (!header) throw new Error('the MP3 encoder’s frames are not contiguous');
        firstHeader ??= all.slice(at, at + 4);
        frameCount++;
        samples += header.frames;
        at += header.bytes;
      }
      rest = at < all.length ? all.slice(at) : new Uint8Array(0);
      toSkip = Math.max(0, at - all.length);
    },
    result() {
      if (!firstHeader || toSkip > 0 || rest.length > 0)
        throw new Error('the MP3 encoder ended inside of a frame');
      return { firstHeader, frameCount, samples };
    },
  };
}

/**
 * MP3 of constant bit rate with an Info frame whose delay and padding give back exactly `totalFrames` samples.
 * That frame comes first but is known last, so the file is spooled to disk and completed there, then read out.
 */
export const encodeMp3 = (
  blocks: AsyncIterable<Float32Array[]>,
  o: EncodeOptions,
): AsyncGenerator<Uint8Array> =>
  withSpool(async function* (spool) {
    const encoder = await createMp3Encoder();
    encoder.configure({
      sampleRate: o.sampleRate,
      channels: o.channels,
      bitrate: o.bitrateKbps as Bitrate,
    });
    const counter = frameCounter();
    let audioBytes = 0;
    let audioCrc = 0;
    let reserved = 0;
    const take = async (encoded: Uint8Array) => {
      if (encoded.length === 0) return;
      // The encoder's buffer is overwritten by its next call.
      const bytes = encoded.slice();
      if (reserved === 0) {
        reserved = infoFrameBytes(bytes);
        await spool.write(new Uint8Array(reserved));
      }
      counter.add(bytes);
      audioBytes += bytes.length;
      audioCrc = crc16(bytes, audioCrc);
      await spool.write(bytes);
    };
    for await (const block of blocks)
      for (const piece of pieces(block, 8192)) await take(encoder.encode(piece));
    await take(encoder.finalize());
    const { firstHeader, frameCount, samples } = counter.result();
    const padding = samples - ENCODER_DELAY - o.totalFrames;
    const content = {
      firstHeader,
      frameCount,
      audioBytes,
      audioCrc,
      delay: ENCODER_DELAY,
      padding,
    };
    await spool.patch(0, buildInfoFrame(content));
    yield* spool.read();
  });
