import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const globalSetup = 'tests/support/vitest-global-setup.ts';

export default defineConfig({
  test: {
    // Two workers: tests start databases, browsers and renderers of their own, on machines with two cores.
    maxWorkers: 2,
    // Files share what they import: loading it anew for each of two hundred files was a quarter of their time. So a
    // file puts back what it changes, and none may depend on which ran before it.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Patience for what other processes do; a hang would be a failure anyway.
    expect: { poll: { timeout: 30_000 } },
    include: [
      'apps/**/*.test.{ts,tsx}',
      'packages/**/*.test.ts',
      'plugins/**/*.test.ts',
      'tests/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['tests/support/fast-check-seed.ts'],
    globalSetup: existsSync(globalSetup) ? [globalSetup] : [],
  },
});
