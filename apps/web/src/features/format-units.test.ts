import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatName,
  formatSigned,
  formatSince,
  formatUntil,
  formatWait,
} from './format-units.ts';

describe('units in words', () => {
  it('sizes', () => {
    expect([0, 999, 1000, 15_499, 7_250_000, 1.2e9, 5e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '15 kB',
      '7.3 MB',
      '1.2 GB',
      '5000 GB',
    ]);
  });

  it('formats by the names that they go by', () => {
    expect(['wav', 'flac', 'mp3', 'opus'].map(formatName)).toEqual(['WAV', 'FLAC', 'MP3', 'Opus']);
  });

  it('durations', () => {
    expect([0, 59.6, 205, 3725].map(formatDuration)).toEqual(['0:00', '1:00', '3:25', '1:02:05']);
  });

  it('waits', () => {
    expect([2, 12, 54, 56, 90, 3500].map(formatWait)).toEqual([
      'a few seconds',
      'about 15 s',
      'about 55 s',
      'about 1 min',
      'about 2 min',
      'about 1 h',
    ]);
  });

  it('levels', () => {
    expect(formatSigned(-14.23)).toBe('−14.2');
    expect(formatSigned(0.5, 2)).toBe('0.50');
  });

  it('times to come and times past', () => {
    const now = Date.parse('2026-01-25T12:00:00Z');
    const minutes = (n: number) => now + n * 60_000;
    expect([-3, 1, 30, 120, 60 * 72].map((n) => formatUntil(minutes(n), now))).toEqual([
      'now',
      'in 1 minute',
      'in 30 minutes',
      'in 2 hours',
      'in 3 days',
    ]);
    expect([0, -5, -130].map((n) => formatSince(minutes(n), now))).toEqual([
      'just now',
      '5 min ago',
      '2 h ago',
    ]);
    expect(formatSince(minutes(-60 * 48), now)).toBe('Jan 23, 2026');
  });
});
