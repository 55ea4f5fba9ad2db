/** CRC-32 of Ogg (RFC 3533): polynomial 0x04c11db7, neither reflected nor inverted. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** Where a page's checksum stands in it. */
export const CHECKSUM_AT = 22;

/** The checksum of a whole page, taken as if its own four bytes were zero. */
export function oggChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= CHECKSUM_AT && i < CHECKSUM_AT + 4 ? 0 : page[i]!;
    crc = (crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ byte) & 255]!;
  }
  return crc >>> 0;
}
