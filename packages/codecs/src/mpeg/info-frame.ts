import { crc16 } from './crc16.ts';
import { type MpegHeader, parseMpegHeader, sideInfoBytes } from './frame-header.ts';

/** What an Info (or Xing) frame tells about the frames after it. */
export interface InfoFrame {
  /** Audio frames in the file, without the info frame itself; null = not stated. */
  readonly frameCount: number | null;
  /** Samples per channel that the encoder put in front and behind; null = not stated. */
  readonly delay: number | null;
  readonly padding: number | null;
}

/** LAME's extension of the Xing header: what follows the 120 bytes of tag, flags, counts, TOC and quality. */
const EXTENSION_AT = 120;
const DELAYS_AT = EXTENSION_AT + 21;
const TAG_BYTES = EXTENSION_AT + 36;
const HAS_FRAMES = 1;
const HAS_ALL = 0xf;

const u32 = (v: number) => [(v >>> 24) & 255, (v >>> 16) & 255, (v >>> 8) & 255, v & 255];

/** Reads the frame at `at` as an info frame; null = it is audio. */
export function parseInfoFrame(
  bytes: Uint8Array,
  at: number,
  header: MpegHeader,
): InfoFrame | null {
  const nothing = { frameCount: null, delay: null, padding: null };
  const ascii = (from: number, length: number) =>
    String.fromCharCode(...bytes.subarray(from, from + length));
  // Fraunhofer's kind has a fixed place; we need nothing of it but to know that it is not audio.
  if (ascii(at + 36, 4) === 'VBRI') return nothing;
  // LAME leaves no room for the checksum of a protected frame in front of its tag; others do.
  const places = [0, header.crc ? 2 : 0].map((crc) => at + 4 + crc + sideInfoBytes(header));
  const tag = places.find((place) => ['Xing', 'Info'].includes(ascii(place, 4)));
  if (tag === undefined || header.layer !== 3) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint32(tag + 4);
  const frameCount = flags & HAS_FRAMES ? view.getUint32(tag + 8) : null;
  const isExtended = /^(LAME|Lav[cf]|GOGO)/.test(ascii(tag + EXTENSION_AT, 4));
  if (!isExtended || at + header.bytes < tag + TAG_BYTES) return { ...nothing, frameCount };
  const delays = (view.getUint16(tag + DELAYS_AT) << 8) | bytes[tag + DELAYS_AT + 2]!;
  return { frameCount, delay: delays >> 12, padding: delays & 0xfff };
}

export interface InfoFrameContent {
  /** The first four bytes of the first audio frame: same rate, bit rate and mode. */
  readonly firstHeader: Uint8Array;
  readonly frameCount: number;
  /** All audio frames together. */
  readonly audioBytes: number;
  readonly audioCrc: number;
  readonly delay: number;
  readonly padding: number;
}

/** Length of the info frame that goes with a first audio frame: an unpadded frame of the same bit rate. */
export const infoFrameBytes = (firstHeader: Uint8Array): number => {
  const header = parseMpegHeader(withoutPaddingAndCrc(firstHeader), 0);
  if (!header) throw new Error('the encoder gave no frame header');
  return header.bytes;
};

function withoutPaddingAndCrc(firstHeader: Uint8Array): Uint8Array {
  const header = firstHeader.slice(0, 4);
  header[1] = header[1]! | 1;
  header[2] = header[2]! & ~2;
  return header;
}

/**
 * An Info frame with LAME's extension for a file of constant bit rate: decoders that know it cut delay and padding and
 * give back exactly the samples that went in; all others play it as 24 ms of silence.
 */
export function buildInfoFrame(o: InfoFrameContent): Uint8Array {
  const head = withoutPaddingAndCrc(o.firstHeader);
  const header = parseMpegHeader(head, 0)!;
  const frame = new Uint8Array(header.bytes);
  frame.set(head);
  const tag = 4 + sideInfoBytes(header);
  // Percent k of the time starts at 256ths of the file: with a constant bit rate, proportionally.
  const toc = Array.from({ length: 100 }, (_, k) => Math.floor((k * 256) / 100));
  const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
  const totalBytes = header.bytes + o.audioBytes;
  frame.set(
    [
      ...ascii('Info'),
      ...u32(HAS_ALL),
      ...u32(o.frameCount),
      ...u32(totalBytes),
      ...toc,
      ...u32(0),
      ...ascii('LAME3.100'),
      1, // tag revision 0, method 1: constant bit rate
      0, // low-pass: not stated
      ...u32(0), // peak: not stated
      ...u32(0), // replay gains: not stated
      0, // encoding flags and ATH type
      Math.min(255, header.bitrateKbps),
      o.delay >> 4,
      ((o.delay & 0xf) << 4) | (o.padding >> 8),
      o.padding & 255,
      0, // noise shaping, stereo mode and source rate: not stated
      0, // gain applied to the file: none
      0,
      0, // preset: none
      ...u32(totalBytes),
      o.audioCrc >> 8,
      o.audioCrc & 255,
    ],
    tag,
  );
  const checked = tag + TAG_BYTES - 2;
  const crc = crc16(frame.subarray(0, checked));
  frame[checked] = crc >> 8;
  frame[checked + 1] = crc & 255;
  return frame;
}
