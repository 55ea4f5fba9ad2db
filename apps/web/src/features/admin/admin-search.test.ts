import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditSearch, reviewFilter, reviewSearch } from './admin-search.ts';

const id = '9f1b5f9e-0d7c-4c0e-9d6e-0a4a1a1a1a1a';

describe('filters in the address', () => {
  it('are read, and written as they were', () => {
    const search = { user: id, status: 'failed', held: true, cursor: 'abc_-' } as const;
    expect(reviewSearch(search)).toEqual(search);
    expect(reviewSearch(JSON.parse(JSON.stringify(search)) as never)).toEqual(search);
    expect(reviewFilter(search)).toEqual({
      user: id,
      status: 'failed',
      quarantined: true,
      cursor: 'abc_-',
    });
    const audit = { admin: id, action: 'export.revoke', export: id, user: id } as const;
    expect(auditSearch(audit)).toEqual(audit);
  });

  it('that are nonsense are none', () => {
    fc.assert(
      fc.property(fc.record({ user: fc.anything(), status: fc.anything() }), (raw) => {
        const { user, status } = reviewSearch(raw);
        expect(user === undefined || user === String(raw.user).toLowerCase()).toBe(true);
        expect(status === undefined || status === raw.status).toBe(true);
      }),
    );
    expect(reviewSearch({ user: 'me', status: 'broken', held: 'no', cursor: '../x' })).toEqual({});
    expect(auditSearch({ admin: 1, action: 'export.delete', export: [], user: null })).toEqual({});
  });
});
