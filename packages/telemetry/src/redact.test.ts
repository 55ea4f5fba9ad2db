import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactDeep, redactText } from './redact.ts';

describe('redactText', () => {
  it.each([
    ['eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl expired', '[token] expired'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [token]'],
    ['postgres://u:p%40w@host:5432/db', 'postgres://[credentials]@host:5432/db'],
    ['https://r2.test/b/k.wav?X-Amz-Signature=1#x', 'https://r2.test/b/k.wav'],
    ['GET /api/v1/daw/exports/1?token=2 500', 'GET /api/v1/daw/exports/1 500'],
    ['/files/abc.def-_ is gone', '/files/[token] is gone'],
    ['mail to ana.b+c@ex-ample.co.uk!', 'mail to [email]!'],
    ['is it? yes # no', 'is it? yes # no'],
    ['mixdown.delay@1.2.0', 'mixdown.delay@1.2.0'],
  ])('%j', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it('is stable: a second pass changes nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.emailAddress(), fc.webUrl({ withQueryParameters: true })),
        (text) => {
          const once = redactText(text);
          expect(redactText(once)).toBe(once);
        },
      ),
    );
  });

  it('leaves no query of any URL', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        expect(redactText(`see ${url}?token=hidden`)).not.toContain('hidden');
      }),
    );
  });
});

describe('redactDeep', () => {
  it('goes through lists and records, and keeps everything else', () => {
    const date = new Date(0);
    const given = { a: ['x@y.zz', 1, null], b: { password: 'p', n: true }, Email: 'e', date };
    expect(redactDeep(given)).toEqual({
      a: ['[email]', 1, null],
      b: { password: '[redacted]', n: true },
      Email: '[redacted]',
      date,
    });
    expect(given.b.password).toBe('p');
  });

  it('ends in circles', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(JSON.stringify(redactDeep(circle))).toContain('[deep]');
  });
});
