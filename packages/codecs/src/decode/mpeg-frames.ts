import { type MpegHeader, parseMpegHeader } from '../mpeg/frame-header.ts';
import { corrupt } from './decoded.ts';
import { id3Bytes } from './id3.ts';
import type { Source } from './source.ts';

export interface MpegFrame {
  readonly data: Uint8Array;
  readonly header: MpegHeader;
}

const WINDOW_BYTES = 65_536;
/** Longest frame: layer II at 384 kbit/s and 32 kHz. */
const MAX_FRAME_BYTES = 2048;
const ID3V1_BYTES = 128;
/** Trailing tags that begin like this end the audio (ID3v1, APEv2, Lyrics3). */
const TRAILERS = ['TAG', 'APETAGEX', 'LYRICSBEGIN', '3DI'];
/** Rubbish of up to this length at the very end is forgiven: many writers leave some. */
const FORGIVEN_TAIL_BYTES = 4096;

/** Whether two frames can belong to one stream: bit rate and stereo mode may change, these may not. */
const sameStream = (a: MpegHeader, b: MpegHeader) =>
  a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;

/**
 * Walks from frame to frame. Throws RefusedError `asset_corrupt` where the chain breaks in the middle of the file;
 * a last frame that is cut off is left out.
 */
export async function* mpegFrames(
  source: Source,
  start: number,
  first: MpegHeader,
): AsyncGenerator<MpegFrame> {
  let window: Uint8Array = new Uint8Array(0);
  let windowAt = start;
  let at = start;
  let seconds = 0;
  while (at < source.bytes) {
    if (
      at + MAX_FRAME_BYTES > windowAt + window.length &&
      windowAt + window.length < source.bytes
    ) {
      window = await source.read(at, WINDOW_BYTES);
      windowAt = at;
    }
    const offset = at - windowAt;
    const header = parseMpegHeader(window, offset);
    if (header && sameStream(header, first)) {
      if (offset + header.bytes > window.length) return;
      if ((header.channels === 1) !== (first.channels === 1))
        throw corrupt(`The MP3 file’s number of channels changes at ${seconds.toFixed(1)} s.`);
      yield { data: window.subarray(offset, offset + header.bytes), header };
      seconds += header.frames / header.sampleRate;
      at += header.bytes;
      continue;
    }
    const isId3v1 = startsWith(window.subarray(offset), 'TAG');
    // In files that were joined it stands in the middle.
    const tag =
      isId3v1 && source.bytes - at > ID3V1_BYTES ? ID3V1_BYTES : await id3Bytes(source, at);
    if (tag === 0 && isTrailer(window.subarray(offset))) return;
    if (tag === 0 && source.bytes - at <= FORGIVEN_TAIL_BYTES) return;
    if (tag === 0) throw corrupt(`The MP3 file is damaged at ${seconds.toFixed(1)} s.`);
    at += tag;
    windowAt = at;
    window = new Uint8Array(0);
  }
}

const startsWith = (bytes: Uint8Array, text: string) =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;

const isTrailer = (bytes: Uint8Array): boolean =>
  TRAILERS.some((text) => startsWith(bytes, text)) || bytes.every((byte) => byte === 0);
