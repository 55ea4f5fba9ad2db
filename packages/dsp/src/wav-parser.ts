import { refuse } from '@mixdown/contract';
import { FORMAT_BYTES, parseWavFormat, type WavFormat } from './wav-format.ts';
import { decodeWavSamples } from './wav-samples.ts';

export interface WavParser {
  /** Takes any number of the file's bytes; returns the planar samples they complete (null = none yet). */
  push(bytes: Uint8Array): Float32Array[] | null;
  /** Known as soon as the samples begin. */
  readonly format: WavFormat | null;
  /** Frames that the header promises; null = it does not say (written by a stream). Known with `format`. */
  readonly declaredFrames: number | null;
  /** Where the samples begin in the file, bytes. Known with `declaredFrames`. */
  readonly dataAt: number | null;
  /** Frames returned so far. */
  readonly frames: number;
}

const UNKNOWN = 0xffffffff;
/** What programs that write into a pipe say instead of a size: ffmpeg, arecord, and SoX. */
const PLACEHOLDERS = [UNKNOWN, 0x80000000, 0x7ffff000];
const DS64_BYTES = 24;

const ascii = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/**
 * Streaming parser of RIFF and RF64 / BW64 WAV files. Chunks may come in any order before the samples, have odd
 * lengths, and sizes that are absurd: nothing is allocated for a size that a file merely claims.
 * `push` throws RefusedError `asset_corrupt` or `asset_unsupported`. A file that ends too early is not an error here:
 * compare `frames` with `declaredFrames` at the end.
 */
export function createWavParser(): WavParser {
  let state: 'riff' | 'chunk' | 'fmt' | 'ds64' | 'skip' | 'data' | 'end' = 'riff';
  /** Header bytes being gathered, or samples of an unfinished frame. */
  let pending = new Uint8Array(0);
  let needed = 12;
  let skipBytes = 0;
  /** What follows a gathered chunk: its unread rest and padding. */
  let restBytes = 0;
  let dataBytes = 0;
  let riffSize = 0;
  let dataSize64: number | null = null;
  let format: WavFormat | null = null;
  let declaredFrames: number | null = null;
  let dataAt: number | null = null;
  let frames = 0;
  /** Bytes of all earlier pushes, and the place in the file up to which headers are read. */
  let consumed = 0;
  let position = 0;

  const expect = (next: typeof state, bytes: number) => {
    state = next;
    needed = bytes;
  };
  const skip = (bytes: number) => {
    state = 'skip';
    skipBytes = bytes;
    if (bytes === 0) expect('chunk', 8);
  };
  const gather = (next: 'fmt' | 'ds64', size: number, useful: number) => {
    const taken = Math.min(size, useful);
    restBytes = size + (size % 2) - taken;
    expect(next, taken);
  };

  const startData = (size: number) => {
    if (!format)
      throw refuse('asset_corrupt', 'The WAV file has samples before it says their format.');
    const frameBytes = format.bytes * format.channels;
    // Some round it down to whole frames.
    const isPlaceholder = PLACEHOLDERS.some((most) => size <= most && size > most - frameBytes);
    // A recorder that was killed leaves the sizes of an empty file, or none at all.
    const isUnwritten = size === 0 && (riffSize + 8 <= position || riffSize === UNKNOWN);
    const unknown = isPlaceholder || isUnwritten;
    const bytes = size === UNKNOWN && dataSize64 !== null ? dataSize64 : unknown ? null : size;
    dataBytes = bytes ?? Number.POSITIVE_INFINITY;
    declaredFrames = bytes === null ? null : Math.floor(bytes / frameBytes);
    dataAt = position;
    state = 'data';
  };

  const header = (bytes: Uint8Array) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (state) {
      case 'riff': {
        const id = ascii(bytes, 0);
        if (id === 'RIFX')
          throw refuse(
            'asset_unsupported',
            'Big-endian WAV (RIFX) is not supported; save it as WAV.',
          );
        if (!['RIFF', 'RF64', 'BW64'].includes(id) || ascii(bytes, 8) !== 'WAVE')
          throw refuse('asset_corrupt', 'This is not a WAV file.');
        riffSize = view.getUint32(4, true);
        return expect('chunk', 8);
      }
      case 'chunk': {
        const id = ascii(bytes, 0);
        const size = view.getUint32(4, true);
        if (id === 'fmt ' && !format) return gather('fmt', size, FORMAT_BYTES);
        if (id === 'ds64') return gather('ds64', size, DS64_BYTES);
        if (id === 'data') return startData(size);
        return skip(size + (size % 2));
      }
      case 'fmt':
        format = parseWavFormat(bytes);
        return skip(restBytes);
      case 'ds64':
        if (bytes.length >= 16) dataSize64 = Number(view.getBigUint64(8, true));
        return skip(restBytes);
    }
  };

  /** Joins `bytes` to what is pending. */
  const joined = (bytes: Uint8Array): Uint8Array => {
    if (pending.length === 0) return bytes;
    const both = new Uint8Array(pending.length + bytes.length);
    both.set(pending);
    both.set(bytes, pending.length);
    pending = new Uint8Array(0);
    return both;
  };

  const samples = (bytes: Uint8Array): Float32Array[] | null => {
    if (!format) return null;
    const taken = bytes.subarray(0, Math.min(bytes.length, dataBytes));
    dataBytes -= taken.length;
    const all = joined(taken);
    const frameBytes = format.bytes * format.channels;
    const whole = all.length - (all.length % frameBytes);
    pending = all.slice(whole);
    // What follows the samples (tags, cue points) has no meaning for us.
    if (dataBytes === 0) state = 'end';
    if (whole === 0) return null;
    const block = decodeWavSamples(all.subarray(0, whole), format.channels, format);
    frames += whole / frameBytes;
    return block;
  };

  const take = (input: Uint8Array): Float32Array[] | null => {
    let bytes = input;
    while (bytes.length > 0) {
      if (state === 'end') return null;
      if (state === 'data') return samples(bytes);
      if (state === 'skip') {
        const taken = Math.min(skipBytes, bytes.length);
        bytes = bytes.subarray(taken);
        skip(skipBytes - taken);
        continue;
      }
      const missing = needed - pending.length;
      if (bytes.length < missing) {
        pending = joined(bytes).slice();
        return null;
      }
      const complete = joined(bytes.subarray(0, missing));
      bytes = bytes.subarray(missing);
      position = consumed + input.length - bytes.length;
      header(complete);
    }
    return null;
  };

  return {
    push(input) {
      const block = take(input);
      consumed += input.length;
      return block;
    },
    get format() {
      return format;
    },
    get declaredFrames() {
      return declaredFrames;
    },
    get dataAt() {
      return dataAt;
    },
    get frames() {
      return frames;
    },
  };
}
