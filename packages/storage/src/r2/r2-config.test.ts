import { describe, expect, it } from 'vitest';
import { readR2Config } from './r2-config.ts';

const full = {
  R2_ACCOUNT_ID: '0123456789abcdef0123456789abcdef',
  R2_BUCKET: 'b',
  R2_ACCESS_KEY_ID: 'id',
  R2_SECRET_ACCESS_KEY: 'secret',
};

describe('readR2Config', () => {
  it('is null where nothing is set, empty values included', () => {
    expect(readR2Config({ PATH: '/bin', R2_BUCKET: '' })).toBeNull();
  });

  it('derives the endpoint from the account', () => {
    expect(readR2Config(full)?.endpoint).toBe(
      'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com',
    );
  });

  it('prefers an endpoint that is given', () => {
    const config = readR2Config({ ...full, R2_ENDPOINT: 'https://eu.example/' });
    expect(config?.endpoint).toBe('https://eu.example');
  });

  it.each(['R2_BUCKET', 'R2_ACCESS_KEY_ID', 'R2_SECRET_ACCESS_KEY', 'R2_ACCOUNT_ID'] as const)(
    'names %s when it is missing',
    (name) => {
      const { [name]: _, ...rest } = full;
      expect(() => readR2Config(rest)).toThrow(name);
    },
  );

  it.each([
    ['R2_ACCOUNT_ID', 'not-an-account'],
    ['R2_ENDPOINT', 'ftp://x'],
    ['R2_ENDPOINT', 'nonsense'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readR2Config({ ...full, [name]: value })).toThrow(name);
  });
});
