import { CHECKSUM_AT, oggChecksum } from './checksum.ts';

const HEADER_BYTES = 27;
const IS_FIRST = 2;
const IS_LAST = 4;
/** Entries of a page's lacing table; a packet takes one per 255 bytes begun, and a 0 where 255 divides it. */
const MAX_LACING = 255;

export const lacingOf = (packetBytes: number): number => Math.floor(packetBytes / 255) + 1;

export interface Page {
  /** Whole packets: none goes on in the next page. */
  readonly packets: readonly Uint8Array[];
  /** Where the sound stands at the page's end, as the codec counts. */
  readonly granule: number;
  readonly isLast?: boolean;
}

/** Whether packets of these sizes fit into one page. */
export const fitsPage = (lacing: number): boolean => lacing <= MAX_LACING;

/** Writes the pages of one logical stream, in order (RFC 3533 §6). */
export function createPageWriter(serial: number): (page: Page) => Uint8Array {
  let sequence = 0;
  return ({ packets, granule, isLast = false }) => {
    const lacing = packets.flatMap((packet) => [
      ...new Array<number>(lacingOf(packet.length) - 1).fill(255),
      packet.length % 255,
    ]);
    if (!fitsPage(lacing.length)) throw new RangeError('too many packets for one page');
    const payloadAt = HEADER_BYTES + lacing.length;
    const bytes = new Uint8Array(packets.reduce((sum, p) => sum + p.length, payloadAt));
    const view = new DataView(bytes.buffer);
    bytes.set([0x4f, 0x67, 0x67, 0x53]);
    bytes[5] = (sequence === 0 ? IS_FIRST : 0) | (isLast ? IS_LAST : 0);
    view.setBigInt64(6, BigInt(granule), true);
    view.setUint32(14, serial, true);
    view.setUint32(18, sequence++, true);
    bytes[26] = lacing.length;
    bytes.set(lacing, HEADER_BYTES);
    let at = payloadAt;
    for (const packet of packets) {
      bytes.set(packet, at);
      at += packet.length;
    }
    view.setUint32(CHECKSUM_AT, oggChecksum(bytes), true);
    return bytes;
  };
}
