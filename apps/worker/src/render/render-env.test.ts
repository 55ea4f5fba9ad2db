import { expect, it } from 'vitest';
import { renderEnv } from './render-env.ts';

it('shows render processes the object storage and no other secret', () => {
  const env = {
    PATH: '/bin',
    R2_SECRET_ACCESS_KEY: 'r2',
    DATABASE_URL: 'postgres://',
    SUPABASE_JWT_SECRET: 's',
    SENTRY_DSN: 'https://',
    NODE_OPTIONS: '--inspect',
  };
  expect(renderEnv(env)).toEqual({ PATH: '/bin', R2_SECRET_ACCESS_KEY: 'r2' });
});
