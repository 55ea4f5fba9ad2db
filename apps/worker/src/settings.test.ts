import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const url = { DATABASE_URL: 'postgres://u:secret@host/db' };

describe('readSettings', () => {
  it('needs nothing but a database', () => {
    const settings = readSettings(url);
    expect(settings).toMatchObject({
      databaseUrl: url.DATABASE_URL,
      perUser: 2,
      metricsPort: null,
    });
    expect(settings).toHaveProperty('spoolRoot', path.join(tmpdir(), 'mixdown/spool'));
  });

  it('spools below the data folder where one is named, and takes empty values for absent ones', () => {
    const env = { ...url, MIXDOWN_DATA_DIR: '/data', EXPORT_SLOTS: '3', METRICS_PORT: '' };
    expect(readSettings(env)).toMatchObject({
      dataDir: '/data',
      spoolRoot: '/data/spool',
      slots: 3,
      metricsPort: null,
    });
  });

  it('limits all workers together by EXPORT_SLOTS, and one by EXPORT_SLOTS_PER_WORKER', () => {
    expect(readSettings(url)).toMatchObject({ slots: availableParallelism(), total: 1_000_000 });
    expect(readSettings({ ...url, EXPORT_SLOTS: '5' })).toMatchObject({ slots: 5, total: 5 });
    expect(
      readSettings({ ...url, EXPORT_SLOTS: '500', EXPORT_SLOTS_PER_WORKER: '3' }),
    ).toMatchObject({ slots: 3, total: 500 });
  });

  it.each([
    ['DATABASE_URL', ''],
    ['DATABASE_URL', 'mysql://u:secret@host'],
    ['EXPORT_SLOTS', 'many'],
    ['EXPORT_SLOTS', '0'],
    ['EXPORT_SLOTS_PER_WORKER', '257'],
    ['EXPORT_RUNNING_PER_USER', '1.5'],
    ['EXPORT_REUSE', 'maybe'],
    ['METRICS_PORT', '70000'],
    ['LOG_LEVEL', 'loud'],
    ['SENTRY_DSN', 'nonsense'],
    ['POSTHOG_HOST', 'ftp://x'],
  ])('names %s when it is %j', (name, value) => {
    const settings = readSettings({ ...url, [name]: value });
    expect(settings).toHaveProperty('problem', expect.stringContaining(name));
    expect(JSON.stringify(settings)).not.toContain('secret');
  });
});
