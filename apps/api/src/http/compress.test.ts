import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { acceptedEncoding, compress, isCompressible } from './compress.ts';

describe('compression', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br;q=0', null],
    ['identity', null],
    ['BR', 'br'],
    ['brr', null],
    ['', null],
    [undefined, null],
  ])('with Accept-Encoding %j is %j', (header, encoding) => {
    expect(acceptedEncoding(header)).toBe(encoding);
  });

  it.each([
    ['application/json; charset=utf-8', true],
    ['application/problem+json', true],
    ['text/javascript', true],
    ['application/wasm', true],
    ['image/svg+xml', true],
    ['font/woff2', false],
    ['audio/wav', false],
    ['application/octet-stream', false],
  ])('of %s: %s', (type, worth) => expect(isCompressible(type)).toBe(worth));

  it('can be undone', async () => {
    const body = Buffer.from('mixdown '.repeat(1000));
    for (const effort of ['best', 'fast'] as const) {
      expect(brotliDecompressSync(await compress(body, 'br', effort))).toEqual(body);
      expect(gunzipSync(await compress(body, 'gzip', effort))).toEqual(body);
    }
  });
});
