import { CHECKSUM_AT, oggChecksum } from '../ogg/checksum.ts';
import { corrupt } from './decoded.ts';
import type { Source } from './source.ts';

export interface OggPage {
  /** Header and payload. */
  readonly bytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly serial: number;
  /** Position of the sound at the page's end, as the codec counts; −1 = no packet ends here. */
  readonly granule: bigint;
}

const HEADER_BYTES = 27;
const MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;
const IS_FIRST = 2;
const IS_LAST = 4;

/**
 * Walks from page to page of an Ogg file. Throws RefusedError `asset_corrupt` if a checksum fails, a page is missing
 * or the last one is cut off.
 */
export async function* oggPages(source: Source, start: number): AsyncGenerator<OggPage> {
  const sequences = new Map<number, number>();
  for (let at = start; at < source.bytes; ) {
    const window = await source.read(at, MAX_PAGE_BYTES);
    const page = parsePage(window);
    if (page === 'cut off') throw corrupt('The Ogg file is cut off.');
    if (page === 'damaged') throw corrupt(`The Ogg file is damaged at byte ${at}.`);
    const view = new DataView(page.bytes.buffer, page.bytes.byteOffset);
    const sequence = view.getUint32(18, true);
    const previous = sequences.get(page.serial);
    if (previous !== undefined && sequence !== previous + 1)
      throw corrupt(`The Ogg file is damaged: a part before byte ${at} is missing.`);
    sequences.set(page.serial, sequence);
    yield page;
    at += page.bytes.length;
  }
}

function parsePage(window: Uint8Array): OggPage | 'cut off' | 'damaged' {
  const magic = [0x4f, 0x67, 0x67, 0x53, 0];
  if (magic.some((byte, i) => i < window.length && window[i] !== byte)) return 'damaged';
  if (window.length < HEADER_BYTES) return 'cut off';
  const segments = window[26]!;
  const lacing = window.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  const payloadAt = HEADER_BYTES + segments;
  const length = payloadAt + lacing.reduce((sum, byte) => sum + byte, 0);
  if (lacing.length < segments || window.length < length) return 'cut off';
  const bytes = window.subarray(0, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(CHECKSUM_AT, true) !== oggChecksum(bytes)) return 'damaged';
  return {
    bytes,
    payload: bytes.subarray(payloadAt),
    isFirst: (bytes[5]! & IS_FIRST) !== 0,
    isLast: (bytes[5]! & IS_LAST) !== 0,
    serial: view.getUint32(14, true),
    granule: view.getBigInt64(6, true),
  };
}
