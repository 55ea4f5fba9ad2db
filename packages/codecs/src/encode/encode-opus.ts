import { OPUS_SAMPLE_RATE } from '@mixdown/contract';
import { Application, createEncoder, loadLibopus, Signal } from 'libopus-wasm';
import { createPageWriter, fitsPage, lacingOf } from '../ogg/page-writer.ts';
import { type EncodeOptions, pieces } from './options.ts';

/** 20 ms, libopus' own default. */
const PACKET_FRAMES = 960;
/** A page a second, as RFC 7845 §3 advises: players seek by pages. */
const PAGE_PACKETS = 50;

const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const u16 = (v: number) => [v & 255, v >> 8];
const u32 = (v: number) => [v & 255, (v >> 8) & 255, (v >> 16) & 255, v >>> 24];

/** RFC 7845 §5.1: version 1, no gain, mono or stereo. */
const identification = (channels: number, preSkip: number) =>
  Uint8Array.from([
    ...ascii('OpusHead'),
    1,
    channels,
    ...u16(preSkip),
    ...u32(OPUS_SAMPLE_RATE),
    ...u16(0),
    0,
  ]);

/** RFC 7845 §5.2: who made it, and no comments. */
const tags = (vendor: string) =>
  Uint8Array.from([...ascii('OpusTags'), ...u32(vendor.length), ...ascii(vendor), ...u32(0)]);

/** Cuts blocks into interleaved packets' worth of sound; after `frames` comes silence, to the last packet's end. */
async function* packetInputs(
  blocks: AsyncIterable<Float32Array[]>,
  channels: number,
  packets: number,
): AsyncGenerator<Float32Array> {
  let given = 0;
  let filled = 0;
  let input = new Float32Array(PACKET_FRAMES * channels);
  const next = () => {
    const full = input;
    input = new Float32Array(PACKET_FRAMES * channels);
    filled = 0;
    given++;
    return full;
  };
  for await (const block of blocks) {
    const length = block[0]?.length ?? 0;
    for (let at = 0; at < length; ) {
      const taken = Math.min(PACKET_FRAMES - filled, length - at);
      for (const [c, samples] of block.entries()) {
        for (let i = 0; i < taken; i++) input[(filled + i) * channels + c] = samples[at + i]!;
      }
      filled += taken;
      at += taken;
      if (filled === PACKET_FRAMES) yield next();
    }
  }
  while (given < packets) yield next();
}

/**
 * Ogg Opus (RFC 7845) of variable bit rate, `bitrateKbps` on average. Pre-skip and the last page's granule give back
 * exactly `totalFrames` samples, in time. Written straight through.
 */
export async function* encodeOpus(
  blocks: AsyncIterable<Float32Array[]>,
  o: EncodeOptions,
): AsyncGenerator<Uint8Array> {
  const { channels, totalFrames } = o;
  const { version } = await loadLibopus();
  using encoder = await createEncoder({
    sampleRate: OPUS_SAMPLE_RATE,
    channels,
    application: Application.Audio,
    signal: Signal.Music,
    bitrate: o.bitrateKbps * 1000,
    complexity: 10,
    frameSize: PACKET_FRAMES,
    vbr: true,
  });
  const preSkip = encoder.getLookahead();
  const end = preSkip + totalFrames;
  const packetCount = Math.ceil(end / PACKET_FRAMES);
  // Any number will do for a file of one stream; the same audio is to give the same file.
  const page = createPageWriter(o.ditherSeed >>> 0);
  yield page({ packets: [identification(channels, preSkip)], granule: 0 });
  yield page({ packets: [tags(version)], granule: 0 });
  let packets: Uint8Array[] = [];
  let lacing = 0;
  let written = 0;
  const flush = (isLast: boolean) => {
    written += packets.length;
    const bytes = page({ packets, granule: isLast ? end : written * PACKET_FRAMES, isLast });
    packets = [];
    lacing = 0;
    return bytes;
  };
  for await (const input of packetInputs(shortened(blocks), channels, packetCount)) {
    const packet = encoder.encodeFloat(input);
    const needed = lacingOf(packet.length);
    if (packets.length === PAGE_PACKETS || !fitsPage(lacing + needed)) yield flush(false);
    packets.push(packet);
    lacing += needed;
  }
  yield flush(true);
}

/** Long blocks in pieces, so that pages leave as they are made. */
async function* shortened(blocks: AsyncIterable<Float32Array[]>): AsyncGenerator<Float32Array[]> {
  for await (const block of blocks) yield* pieces(block, 8192);
}
