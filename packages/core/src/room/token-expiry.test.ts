import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import { tokenExpiry } from './token-expiry.ts';

describe('tokenExpiry', () => {
  const jwt = (claims: unknown) => `h.${btoa(JSON.stringify(claims))}.s`;
  it('reads exp', () => expect(tokenExpiry(jwt({ exp: 123 }))).toBe(123));
  it('reads the alphabet of URLs', () => {
    const text = JSON.stringify({ exp: 9, name: '>>>???' });
    const payload = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    expect(tokenExpiry(`h.${payload}.s`)).toBe(9);
  });
  it.each(['', 'opaque', 'a.b.c', jwt(null), jwt({}), jwt({ exp: 'soon' })])(
    'is null for %s',
    (token) => expect(tokenExpiry(token)).toBeNull(),
  );
});

describe('backoffMs', () => {
  it('lies between 0.3 s and a bound that grows to 5 s', () => {
    expect([0, 1, 2, 3, 4, 5, 100].map((failures) => backoffMs(failures, 1))).toEqual([
      600, 1200, 2400, 4800, 5000, 5000, 5000,
    ]);
    for (const failures of [0, 3, 100]) expect(backoffMs(failures, 0)).toBe(300);
  });
});
