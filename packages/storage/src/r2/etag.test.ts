import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestParts } from './etag.ts';

const md5 = (data: Buffer) => createHash('md5').update(data);
const tagOf = (parts: readonly Buffer[]) =>
  `"${md5(Buffer.concat(parts.map((part) => md5(part).digest()))).digest('hex')}-${parts.length}"`;
/** The text in pieces of these lengths. */
const cut = (text: string, lengths: readonly number[]) =>
  lengths.map((length, i) => {
    const at = lengths.slice(0, i).reduce((sum, n) => sum + n, 0);
    return Buffer.from(text.slice(at, at + length));
  });
const of = (chunks: readonly Buffer[], etag: string | undefined) => {
  const digests = digestParts(4);
  for (const chunk of chunks) digests.update(chunk);
  return digests.matches(etag);
};

describe('the ETag of what was sent', () => {
  it.each([
    ['nothing', '', [0]],
    ['one request', 'abc', [3]],
    ['exactly one part', 'abcd', [1, 3]],
  ])('is the MD5 of %s', (_name, text, cuts) => {
    expect(of(cut(text, cuts), `"${md5(Buffer.from(text)).digest('hex')}"`)).toBe(true);
  });

  it.each([[[9]], [[1, 8]], [[4, 5]], [[3, 3, 3]], [[2, 7]]])(
    'is that of the parts, however the body is cut: %j',
    (cuts) => {
      const chunks = cut('abcdefghi', cuts);
      const parts = ['abcd', 'efgh', 'i'].map((text) => Buffer.from(text));
      expect(of(chunks, tagOf(parts))).toBe(true);
      expect(of(chunks, tagOf(parts.slice(0, 2)))).toBe(false);
    },
  );

  it('is no other one', () => {
    expect(of([Buffer.from('abc')], `"${md5(Buffer.from('abd')).digest('hex')}"`)).toBe(false);
    expect(of([Buffer.from('abc')], undefined)).toBe(false);
  });
});
