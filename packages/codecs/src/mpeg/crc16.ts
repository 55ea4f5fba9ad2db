const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** CRC-16/ARC (x¹⁶ + x¹⁵ + x² + 1, reflected, from 0), as LAME's tag uses it; `crc` goes on from an earlier part. */
export function crc16(bytes: Uint8Array, crc = 0): number {
  let value = crc;
  for (const byte of bytes) value = (value >> 8) ^ TABLE[(value ^ byte) & 255]!;
  return value;
}
