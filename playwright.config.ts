import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, installChromium } from './tests/support/browser.ts';

const { executablePath, env } = await installChromium();

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  // One server and one browser at a time: the machine may have two cores, and the worker renders beside them.
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, env, args: CHROMIUM_ARGS },
    trace: 'off',
    screenshot: 'only-on-failure',
  },
});
