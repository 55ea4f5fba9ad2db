import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAddressOf, isOwnOrigin } from './origin.ts';

describe('an origin', () => {
  const host = 'studio.example:8080';
  it.each([
    [undefined, null, true],
    ['http://studio.example:8080', null, true],
    ['https://studio.example:8080', null, true],
    ['http://studio.example', null, false],
    ['http://studio.example:8081', null, false],
    ['https://mix.example', 'https://mix.example', true],
    ['http://mix.example', 'https://mix.example', false],
    ['https://mix.example.evil.example', 'https://mix.example', false],
    ['file://studio.example:8080', null, false],
    ['null', null, false],
    ['', null, false],
  ])('%s with the public address %s: %s', (origin, publicUrl, own) => {
    expect(isOwnOrigin({ origin, host }, publicUrl)).toBe(own);
  });
  it('is nobody’s where the request names no host', () => {
    expect(isOwnOrigin({ origin: 'http://studio.example', host: undefined }, null)).toBe(false);
  });
});

describe('whose address counts', () => {
  const ask = (trust: boolean | string[], remoteAddress: string, forwarded?: string) =>
    createAddressOf(trust)({
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      socket: { remoteAddress },
    } as unknown as IncomingMessage);
  it.each<[boolean | string[], string, string | undefined, string]>([
    [false, '203.0.113.7', undefined, '203.0.113.7'],
    [false, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    [true, '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    [true, '10.0.0.1', undefined, '10.0.0.1'],
    [['10.0.0.0/8'], '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    [['10.0.0.0/8'], '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    [['10.0.0.0/8'], '10.0.0.1', '192.0.2.9, 198.51.100.1, 10.2.3.4', '198.51.100.1'],
    [['10.0.0.0/8'], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    [['::1', '127.0.0.1'], '::1', '2001:db8::5', '2001:db8::5'],
  ])('with trust in %s, from %s for %s: %s', (trust, remote, forwarded, address) => {
    expect(ask(trust, remote, forwarded)).toBe(address);
  });
});
