import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const DATABASE_URL = 'postgres://u:p@localhost:5432/mixdown';
const problem = (env: NodeJS.ProcessEnv) => {
  const config = readConfig({ DATABASE_URL, ...env });
  return 'problem' in config ? config.problem : null;
};

describe('readConfig', () => {
  it('needs nothing but a database', () => {
    expect(readConfig({ DATABASE_URL })).toMatchObject({
      port: 8080,
      databaseUrl: DATABASE_URL,
      supabase: null,
      publicUrl: null,
      exports: { runningPerUser: 2, queuedPerUser: 10, retentionDays: 7 },
      trustProxy: false,
    });
  });

  it.each([
    [{ PORT: '80a' }, /^PORT must be a whole number, but it is "80a"\.$/],
    [{ PORT: '65536' }, /^PORT must be between 0 and 65535/],
    [{ DATABASE_URL: '' }, /^DATABASE_URL must name the database.*not set\.$/],
    [{ SUPABASE_URL: 'supabase' }, /^SUPABASE_URL must be a URL such as/],
    [{ SUPABASE_URL: 'ftp://x.example' }, /^SUPABASE_URL must be a URL/],
    [{ SUPABASE_JWT_SECRET: 'x'.repeat(32) }, /^SUPABASE_URL is not set/],
    [{ PUBLIC_URL: 'example.org' }, /^PUBLIC_URL must be a URL/],
    [{ REDIS_URL: 'localhost:6379' }, /^REDIS_URL must look like redis:/],
    [{ REDIS_URL: 'http://localhost' }, /^REDIS_URL must look like redis:/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of trace/],
    [{ EXPORT_RETENTION_DAYS: '0' }, /^EXPORT_RETENTION_DAYS must be between 1 and 3650/],
    [{ EXPORT_QUEUED_PER_USER: '-1' }, /^EXPORT_QUEUED_PER_USER must be a whole number/],
    [{ TRUST_PROXY: 'yes' }, /^TRUST_PROXY must be true, false, or addresses/],
  ])('refuses %o with a sentence that names the variable', (env, sentence) => {
    expect(problem(env)).toMatch(sentence);
  });

  it('keeps secrets out of the sentence', () => {
    expect(problem({ DATABASE_URL: 'mysql://root:hunter2@db' })).not.toContain('hunter2');
    const short = problem({ SUPABASE_URL: 'https://x.example', SUPABASE_JWT_SECRET: 'hunter2' });
    expect(short).toMatch(/^SUPABASE_JWT_SECRET must have at least 32/);
    expect(short).not.toContain('hunter2');
  });

  it('takes Redis for the rooms where it is named', () => {
    const redis = 'rediss://user:hunter2@redis.example:6380/1';
    expect(readConfig({ DATABASE_URL, REDIS_URL: redis })).toMatchObject({ redisUrl: redis });
    expect(readConfig({ DATABASE_URL })).toMatchObject({ redisUrl: null });
    expect(problem({ REDIS_URL: 'redis//:hunter2@x' })).not.toContain('hunter2');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(problem({ PORT: '', SUPABASE_URL: '' })).toBeNull();
  });

  it('reads lists', () => {
    expect(
      readConfig({ DATABASE_URL, PLUGIN_DIRS: '/a:/b', TRUST_PROXY: '10.0.0.0/8,::1' }),
    ).toMatchObject({ pluginDirs: ['/a', '/b'], trustProxy: ['10.0.0.0/8', '::1'] });
  });
});
