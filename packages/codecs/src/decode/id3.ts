import type { Source } from './source.ts';

const HEADER_BYTES = 10;

/** Length of the ID3v2 tag that stands at `position`, 0 if there is none (id3v2.4.0-structure §3.1). */
export async function id3Bytes(source: Source, position: number): Promise<number> {
  const head = await source.read(position, HEADER_BYTES);
  if (head.length < HEADER_BYTES || head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33)
    return 0;
  const sizes = head.subarray(6);
  if (sizes.some((byte) => byte > 127)) return 0;
  const size = sizes.reduce((sum, byte) => sum * 128 + byte, 0);
  const hasFooter = (head[5]! & 0x10) !== 0;
  return HEADER_BYTES + size + (hasFooter ? HEADER_BYTES : 0);
}

/** Where the content begins behind all ID3v2 tags at the start of the file. */
export async function skipId3(source: Source): Promise<number> {
  let at = 0;
  for (;;) {
    const tag = await id3Bytes(source, at);
    if (tag === 0) return at;
    at += tag;
  }
}
