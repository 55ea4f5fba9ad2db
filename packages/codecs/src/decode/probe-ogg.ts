import { type AudioInfo, corrupt } from './decoded.ts';
import { oggPages } from './ogg-pages.ts';
import { type FlacInfo, parseStreamInfo } from './probe-flac.ts';
import type { AudioKind } from './sniff.ts';
import type { Source } from './source.ts';

export type OggKind = Extract<AudioKind, `ogg-${string}`>;

/** Opus always plays at 48 kHz, whatever rate it was made from (RFC 7845 §4). */
const OPUS_RATE = 48_000;
/** An Ogg FLAC's first packet: this many bytes in front of its STREAMINFO. */
const OGG_FLAC_STREAMINFO_AT = 17;

export interface OggInfo extends AudioInfo {
  /** Granules at the start that are not part of the sound (RFC 7845 §4.2). */
  readonly preSkip: number;
  /** Gain that an Opus file asks for, linear (RFC 7845 §5.1). */
  readonly gain: number;
  readonly flac: FlacInfo | null;
}

function parseIdentification(kind: OggKind, packet: Uint8Array): OggInfo {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (packet.length < 19) throw corrupt('The Ogg file’s head is cut short.');
  if (kind === 'ogg-opus') {
    const gain = 10 ** (view.getInt16(16, true) / 256 / 20);
    const preSkip = view.getUint16(10, true);
    const channels = packet[9]!;
    return { sampleRate: OPUS_RATE, channels, frames: null, preSkip, gain, flac: null };
  }
  if (kind === 'ogg-vorbis') {
    const sampleRate = view.getUint32(12, true);
    const channels = packet[11]!;
    return { sampleRate, channels, frames: null, preSkip: 0, gain: 1, flac: null };
  }
  const flac = parseStreamInfo(packet.subarray(OGG_FLAC_STREAMINFO_AT));
  const { sampleRate, channels, frames } = flac;
  return { sampleRate, channels, frames, preSkip: 0, gain: 1, flac };
}

export async function probeOgg(source: Source, start: number, kind: OggKind): Promise<OggInfo> {
  for await (const page of oggPages(source, start)) return parseIdentification(kind, page.payload);
  throw corrupt('The Ogg file is cut off.');
}
