import { type AudioInfo, corrupt } from './decoded.ts';
import type { Source } from './source.ts';

/** STREAMINFO is always the first block: "fLaC", block header, then 34 bytes (RFC 9639 §8.2). */
const STREAMINFO_AT = 8;
const STREAMINFO_BYTES = 34;

export interface FlacInfo extends AudioInfo {
  readonly bitsPerSample: number;
  /** MD5 of the audio, hex; null = the encoder left it out. */
  readonly md5: string | null;
}

/** Reads a STREAMINFO block (34 bytes). */
export function parseStreamInfo(info: Uint8Array): FlacInfo {
  if (info.length < STREAMINFO_BYTES) throw corrupt('The FLAC file is cut off within its head.');
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength);
  const packed = view.getBigUint64(10);
  const frames = Number(packed & 0xfffffffffn);
  const md5 = Buffer.from(info.subarray(18, 34)).toString('hex');
  return {
    sampleRate: Number(packed >> 44n),
    channels: Number((packed >> 41n) & 7n) + 1,
    bitsPerSample: Number((packed >> 36n) & 31n) + 1,
    frames: frames > 0 ? frames : null,
    md5: /^0+$/.test(md5) ? null : md5,
  };
}

export async function probeFlac(source: Source, start: number): Promise<FlacInfo> {
  return parseStreamInfo(await source.read(start + STREAMINFO_AT, STREAMINFO_BYTES));
}
