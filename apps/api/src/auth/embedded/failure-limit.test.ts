import { describe, expect, it } from 'vitest';
import { createFailureLimit } from './failure-limit.ts';

describe('the limit of failed sign-ins', () => {
  it('holds an account after ten failures, from that address, for five minutes', () => {
    let now = 0;
    const limit = createFailureLimit(() => now);
    for (let i = 0; i < 10; i++) {
      expect(limit.secondsToWait('::1', 'a@b')).toBe(0);
      limit.failed('::1', 'a@b');
    }
    expect(limit.secondsToWait('::1', 'a@b')).toBe(300);
    expect(limit.secondsToWait('::1', 'c@d')).toBe(0);
    expect(limit.secondsToWait('::2', 'a@b')).toBe(0);
    now = 299_000;
    expect(limit.secondsToWait('::1', 'a@b')).toBe(1);
    now = 300_000;
    expect(limit.secondsToWait('::1', 'a@b')).toBe(0);
  });

  it('holds an address that tries many accounts', () => {
    const limit = createFailureLimit(() => 0);
    for (let i = 0; i < 100; i++) limit.failed('::1', `user${i}@b`);
    expect(limit.secondsToWait('::1', 'another@b')).toBe(300);
  });

  it('forgets the failures of an account that got it right', () => {
    const limit = createFailureLimit(() => 0);
    for (let i = 0; i < 9; i++) limit.failed('::1', 'a@b');
    limit.succeeded('::1', 'a@b');
    limit.failed('::1', 'a@b');
    expect(limit.secondsToWait('::1', 'a@b')).toBe(0);
  });
});
