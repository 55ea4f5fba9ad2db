import { AdminReason, EXPORT_STATUSES } from '@mixdown/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACT_WORDS, REVIEW_ACTS, reasonProblem, whyNot } from './review-acts.ts';

describe('what can be done to an export', () => {
  it('is quarantined or released, never both', () => {
    for (const status of EXPORT_STATUSES) {
      for (const quarantinedAt of [null, '2026-01-01T00:00:00.000Z']) {
        const possible = REVIEW_ACTS.filter(
          (act) => whyNot(act, { status, quarantinedAt }) === null,
        );
        expect(possible).toContain('claim');
        expect(possible.includes('quarantine') && possible.includes('release')).toBe(false);
        expect(possible.includes('release')).toBe(quarantinedAt !== null);
        expect(possible.includes('reveal')).toBe(status === 'completed');
        expect(possible.includes('revoke')).toBe(status !== 'revoked');
      }
    }
  });

  it('has words for everything', () => {
    for (const { label, consequence, done } of Object.values(ACT_WORDS))
      expect([label, consequence, done].every((text) => text.length > 3)).toBe(true);
  });
});

it('a reason is good here if it is good for the API', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ' ', 'é', '.'), maxLength: 1100 }),
      (reason) => {
        expect(reasonProblem(reason) === null).toBe(AdminReason.safeParse({ reason }).success);
      },
    ),
  );
  expect(reasonProblem('  no ')).toBe('Say why, in 3 characters or more.');
});
