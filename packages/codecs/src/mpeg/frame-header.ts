/** What the four bytes in front of each MPEG audio frame say (ISO 11172-3, 13818-3, and MPEG 2.5). */
export interface MpegHeader {
  readonly version: 1 | 2 | 2.5;
  readonly layer: 1 | 2 | 3;
  readonly crc: boolean;
  readonly bitrateKbps: number;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Of the whole frame, these four bytes included. */
  readonly bytes: number;
  /** Samples per channel. */
  readonly frames: number;
}

const BITRATES: Record<'1/1' | '1/2' | '1/3' | '2/1' | '2/23', readonly number[]> = {
  '1/1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1/2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1/3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2/1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2/23': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const RATES = [44_100, 48_000, 32_000] as const;

/** Reads a frame header; null = these bytes are none. Frames of free format (no bit rate) count as none. */
export function parseMpegHeader(bytes: Uint8Array, at: number): MpegHeader | null {
  const [b0, b1, b2, b3] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (b0 !== 0xff || b1 === undefined || b2 === undefined || b3 === undefined) return null;
  const version = ([2.5, null, 2, 1] as const)[(b1 >> 3) & 3];
  const layer = ([null, 3, 2, 1] as const)[(b1 >> 1) & 3];
  const rate = RATES[(b2 >> 2) & 3];
  if ((b1 & 0xe0) !== 0xe0 || !version || !layer || !rate || (b3 & 3) === 2) return null;
  const table = version === 1 ? (`1/${layer}` as const) : layer === 1 ? '2/1' : '2/23';
  const bitrateKbps = BITRATES[table][b2 >> 4];
  if (!bitrateKbps) return null;
  const sampleRate = rate / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const frames = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  const padding = (b2 >> 1) & 1;
  const slot = layer === 1 ? 4 : 1;
  const slots = Math.floor((frames / 8 / slot) * ((bitrateKbps * 1000) / sampleRate)) + padding;
  const channels = b3 >> 6 === 3 ? 1 : 2;
  const crc = (b1 & 1) === 0;
  return { version, layer, crc, bitrateKbps, sampleRate, channels, bytes: slots * slot, frames };
}

/** Bytes of side information of a layer III frame, between header (and CRC) and main data. */
export const sideInfoBytes = ({ version, channels }: Pick<MpegHeader, 'version' | 'channels'>) =>
  version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
