import type { Dither } from './dither.ts';
import { quantiseToInt } from './quantise.ts';
import type { WavBitDepth } from './wav-header.ts';

/** Interleaved little-endian bytes of a planar block. Dither is used for 16 and 24 bits only. */
export function encodeWavSamples(
  block: readonly Float32Array[],
  bitDepth: WavBitDepth,
  dither: Dither | null,
): Uint8Array {
  if (bitDepth === '32f') return encodeFloats(block);
  const samples = quantiseToInt(block, bitDepth, dither);
  return bitDepth === 16 ? encode16(samples) : encode24(samples);
}

function encodeFloats(block: readonly Float32Array[]): Uint8Array {
  const frames = block[0]?.length ?? 0;
  const out = new Uint8Array(frames * block.length * 4);
  const view = new DataView(out.buffer);
  let at = 0;
  for (let i = 0; i < frames; i++) {
    for (const samples of block) {
      view.setFloat32(at, samples[i]!, true);
      at += 4;
    }
  }
  return out;
}

function encode16(samples: Int32Array): Uint8Array {
  const out = new Uint8Array(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    const v = samples[i]!;
    out[2 * i] = v;
    out[2 * i + 1] = v >> 8;
  }
  return out;
}

function encode24(samples: Int32Array): Uint8Array {
  const out = new Uint8Array(samples.length * 3);
  for (let i = 0; i < samples.length; i++) {
    const v = samples[i]!;
    out[3 * i] = v;
    out[3 * i + 1] = v >> 8;
    out[3 * i + 2] = v >> 16;
  }
  return out;
}

/** How a WAV file stores one sample. PCM of 8 bits is unsigned, all others are signed. */
export interface SampleEncoding {
  readonly kind: 'pcm' | 'float';
  readonly bytes: number;
}

type Read = (view: DataView, at: number) => number;

function reader({ kind, bytes }: SampleEncoding): Read {
  if (kind === 'float')
    return bytes === 4 ? (v, at) => v.getFloat32(at, true) : (v, at) => v.getFloat64(at, true);
  switch (bytes) {
    case 1:
      return (v, at) => (v.getUint8(at) - 128) / 128;
    case 2:
      return (v, at) => v.getInt16(at, true) / 32_768;
    case 3:
      return (v, at) => (v.getUint16(at, true) + v.getInt8(at + 2) * 65_536) / 8_388_608;
    default:
      return (v, at) => v.getInt32(at, true) / 2_147_483_648;
  }
}

/** Planar float samples of whole interleaved frames; full scale is ±1, integers v of b bits become v / 2^(b−1). */
export function decodeWavSamples(
  bytes: Uint8Array,
  channels: number,
  encoding: SampleEncoding,
): Float32Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frameBytes = channels * encoding.bytes;
  const frames = Math.floor(bytes.length / frameBytes);
  const read = reader(encoding);
  return Array.from({ length: channels }, (_, c) => {
    const out = new Float32Array(frames);
    for (let i = 0; i < frames; i++) out[i] = read(view, i * frameBytes + c * encoding.bytes);
    return out;
  });
}
