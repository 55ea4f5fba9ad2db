import { refuse } from '@mixdown/contract/errors';
import { type AudioInfo, corrupt } from './decoded.ts';
import type { Source } from './source.ts';

/** STREAMINFO is always the first block: "fLaC", block header, then 34 bytes (RFC 9639 §8.2). */
const STREAMINFO_AT = 8;
const STREAMINFO_BYTES = 34;
const MAX_BITS = 24;

export interface FlacInfo extends AudioInfo {
  readonly bitsPerSample: number;
  /** MD5 of the audio, hex; null = the encoder left it out. */
  readonly md5: string | null;
}

/** Reads a STREAMINFO block (34 bytes). Throws RefusedError. */
export function parseStreamInfo(info: Uint8Array): FlacInfo {
  if (info.length < STREAMINFO_BYTES) throw corrupt('The FLAC file is cut off within its head.');
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength);
  const packed = view.getBigUint64(10);
  const frames = Number(packed & 0xfffffffffn);
  const bitsPerSample = Number((packed >> 36n) & 31n) + 1;
  // Beyond that, files are rare and the decoder takes none.
  if (bitsPerSample > MAX_BITS)
    throw refuse(
      'asset_unsupported',
      `The FLAC file has ${bitsPerSample} bits per sample; at most ${MAX_BITS} are supported.`,
    );
  const md5 = Buffer.from(info.subarray(18, 34)).toString('hex');
  return {
    sampleRate: Number(packed >> 44n),
    channels: Number((packed >> 41n) & 7n) + 1,
    bitsPerSample,
    frames: frames > 0 ? frames : null,
    md5: /^0+$/.test(md5) ? null : md5,
  };
}

export async function probeFlac(source: Source, start: number): Promise<FlacInfo> {
  return parseStreamInfo(await source.read(start + STREAMINFO_AT, STREAMINFO_BYTES));
}
