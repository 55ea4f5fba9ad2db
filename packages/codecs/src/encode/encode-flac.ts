import { createTpdfDither, quantiseToInt } from '@mixdown/dsp';
import { loadLibFlac } from './libflac.ts';
import { type EncodeOptions, pieces } from './options.ts';
import { withSpool } from './spool.ts';

/** libFLAC's own default: beyond it files shrink by 1 % for three times the work. */
const COMPRESSION_LEVEL = 5;
/** Frames per call, which is also libFLAC's block at this level. */
const CALL_FRAMES = 4096;
/** Where STREAMINFO's frame sizes and MD5 stand in the file (RFC 9639 §8.2). */
const FRAME_SIZES_AT = 4 + 4 + 4;
const MD5_AT = 4 + 4 + 18;

const u24 = (v: number) => [(v >> 16) & 255, (v >> 8) & 255, v & 255];

/**
 * FLAC of 16 or 24 bits. The MD5 of the audio, which decoders check, is known only at the end but stands at the
 * start: the file is spooled to disk and corrected there, then read out.
 */
export const encodeFlac = (
  blocks: AsyncIterable<Float32Array[]>,
  o: EncodeOptions & { bitDepth: 16 | 24 },
): AsyncGenerator<Uint8Array> =>
  withSpool(async function* (spool) {
    const flac = await loadLibFlac();
    const encoder = flac.create_libflac_encoder(
      o.sampleRate,
      o.channels,
      o.bitDepth,
      COMPRESSION_LEVEL,
      o.totalFrames,
      false,
      CALL_FRAMES,
    );
    if (encoder === 0) throw new Error('libFLAC does not take these settings');
    let encoded: Uint8Array[] = [];
    const infos: { min_framesize: number; max_framesize: number; md5sum: string }[] = [];
    const check = (ok: unknown, what: string) => {
      if (!ok)
        throw new Error(`libFLAC: ${what}, state ${flac.FLAC__stream_encoder_get_state(encoder)}`);
    };
    const drain = async () => {
      for (const bytes of encoded) await spool.write(bytes);
      encoded = [];
    };
    const status = flac.init_encoder_stream(
      encoder,
      (bytes) => {
        encoded.push(bytes.slice());
      },
      (metadata) => {
        if (metadata) infos.push(metadata);
      },
    );
    check(status === 0, `init status ${status}`);
    const dither = o.dither ? createTpdfDither(o.ditherSeed) : null;
    for await (const block of blocks) {
      for (const piece of pieces(block, CALL_FRAMES)) {
        const samples = quantiseToInt(piece, o.bitDepth, dither);
        const frames = samples.length / o.channels;
        check(flac.FLAC__stream_encoder_process_interleaved(encoder, samples, frames), 'process');
        await drain();
      }
    }
    check(flac.FLAC__stream_encoder_finish(encoder), 'finish');
    await drain();
    flac.FLAC__stream_encoder_delete(encoder);
    const info = infos[0];
    if (!info) throw new Error('libFLAC gave no stream info');
    await spool.patch(
      FRAME_SIZES_AT,
      Uint8Array.from([...u24(info.min_framesize), ...u24(info.max_framesize)]),
    );
    await spool.patch(MD5_AT, Buffer.from(info.md5sum, 'hex'));
    yield* spool.read();
  });
