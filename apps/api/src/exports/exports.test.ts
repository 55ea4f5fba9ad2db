import { ExportRequest, type RefusedError } from '@mixdown/contract';
import { canonicalJson } from '@mixdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { readIdempotencyKey } from './idempotency-key.ts';

const codeOf = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    return (error as RefusedError).refusal.code;
  }
};

describe('readIdempotencyKey', () => {
  it.each([
    ['0123456789abcdef', '0123456789abcdef'],
    ['"0123456789abcdef"', '0123456789abcdef'],
    ['  0123456789.A_b:c-d ', '0123456789.A_b:c-d'],
    ['x'.repeat(128), 'x'.repeat(128)],
    [undefined, 'idempotency_key_missing'],
    ['', 'idempotency_key_missing'],
    ['0123456789abcde', 'idempotency_key_malformed'],
    ['x'.repeat(129), 'idempotency_key_malformed'],
    ['0123456789abcdef"', 'idempotency_key_malformed'],
    ['0123456789 abcdef', 'idempotency_key_malformed'],
    ['0123456789äabcdef', 'idempotency_key_malformed'],
    ['0123456789abcdef, fedcba9876543210', 'idempotency_key_malformed'],
    [['0123456789abcdef', 'fedcba9876543210'], 'idempotency_key_malformed'],
  ])('reads %j as %s', (header, expected) => {
    expect(codeOf(() => readIdempotencyKey(header))).toBe(expected);
  });
});

describe('canonicalJson', () => {
  it('is JSON, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as never);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value) as never)).toBe(text);
      }),
    );
  });
});

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([k, v]) => [k, reversed(v)]));
};

describe('fingerprintOf', () => {
  const of = (body: object) =>
    fingerprintOf('p', { ...ExportRequest.parse(body), sampleRate: 48_000 });

  it('is the same for an omitted default and for another order', () => {
    expect(of({})).toMatch(/^[0-9a-f]{64}$/);
    expect(of({ format: 'wav', bitDepth: 24 })).toBe(of({}));
    expect(of({ range: { kind: 'frames', startFrame: 0, endFrame: 9 } })).toBe(
      of({ range: { endFrame: 9, startFrame: 0, kind: 'frames' } }),
    );
  });

  it('differs for another format, rate or project', () => {
    const all = [of({}), of({ format: 'flac' }), of({ tail: 1 }), of({ tail: 'none' })];
    all.push(fingerprintOf('q', { ...ExportRequest.parse({}), sampleRate: 48_000 }));
    all.push(fingerprintOf('p', { ...ExportRequest.parse({}), sampleRate: 44_100 }));
    expect(new Set(all).size).toBe(all.length);
  });
});
