import { describe, expect, it } from 'vitest';
import {
  clockTime,
  explain,
  groupByProject,
  matchWords,
  spokenTime,
  standingOf,
} from './export-words.ts';
import { testExport } from './testing/test-export.ts';

const NOW = Date.parse('2026-03-02T00:00:00Z');

describe('where an export stands', () => {
  it.each([
    ['queued', false, 'working'],
    ['uploading', false, 'working'],
    ['completed', false, 'ready'],
    ['completed', true, 'held'],
    ['revoked', true, 'revoked'],
    ['expired', false, 'expired'],
    ['failed', false, 'failed'],
    ['canceled', false, 'canceled'],
  ] as const)('%s, held back %s: %s', (status, quarantined, standing) => {
    expect(standingOf(testExport('a', { status, quarantined }), NOW)).toBe(standing);
  });

  it('is expired from the moment on, whether or not the sweep has been there', () => {
    const view = testExport('a', { expiresAt: '2026-03-02T00:00:00.000Z' });
    expect([standingOf(view, NOW - 1), standingOf(view, NOW)]).toEqual(['ready', 'expired']);
  });

  it('is said with whom to ask', () => {
    const view = testExport('a');
    expect(explain(view, 'ready')).toBeNull();
    expect(explain(view, 'expired')).toContain('Ask ana@example.com to export it again');
    expect(explain(testExport('a', { sharedBy: null }), 'expired')).toContain(
      'Ask whoever made it',
    );
    const failed = testExport('a', { error: { code: 'x', message: 'A plugin failed.' } });
    expect(explain(failed, 'failed')).toBe('A plugin failed. ana@example.com can try again.');
    expect(explain({ ...failed, shared: false }, 'failed')).toBe('A plugin failed.');
  });
});

it('groups by project, the one with the newest export first', () => {
  const list = [
    testExport('c', { projectId: 'q', projectName: 'Q' }),
    testExport('b'),
    testExport('a', { projectId: 'q', projectName: 'Old name' }),
  ];
  expect(groupByProject(list).map((g) => [g.name, g.exports.map(({ id }) => id)])).toEqual([
    ['Q', ['c', 'a']],
    ['Night drive', ['b']],
  ]);
});

it('puts times and levels into words', () => {
  expect(matchWords(-2.34)).toBe('−2.3 dB to match');
  expect(matchWords(0)).toBe('plays as it is');
  expect(matchWords(null)).toBe('loudness unknown, plays as it is');
  expect(matchWords(undefined)).toBeNull();
  expect(spokenTime(61)).toBe('1 minute 1 second');
  expect(spokenTime(5.9)).toBe('5 seconds');
  expect(clockTime(65.99)).toBe('1:05');
});
