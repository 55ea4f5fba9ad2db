import { type MpegHeader, sideInfoBytes } from './frame-header.ts';

const RATE_BITS: Readonly<Record<number, number>> = { 44100: 0, 48000: 1, 32000: 2 };

/**
 * A layer III frame that holds silence: side information of all zeros says that no coefficient is coded. It brings
 * out what the decoder's filter bank still holds of the frame before.
 */
export function silentFrame(header: MpegHeader): Uint8Array {
  const base = header.sampleRate * (header.version === 1 ? 1 : header.version === 2 ? 2 : 4);
  const version = header.version === 1 ? 3 : header.version === 2 ? 2 : 0;
  // Bit-rate index 8 has room for the side information at every rate: 112 or 64 kbit/s.
  const kbps = header.version === 1 ? 112 : 64;
  const bytes = Math.floor(((header.frames / 8) * kbps * 1000) / header.sampleRate);
  const frame = new Uint8Array(Math.max(bytes, 4 + sideInfoBytes(header)));
  frame.set([
    0xff,
    0xe0 | (version << 3) | (1 << 1) | 1,
    (8 << 4) | ((RATE_BITS[base] ?? 0) << 2),
    (header.channels === 1 ? 3 : 0) << 6,
  ]);
  return frame;
}
