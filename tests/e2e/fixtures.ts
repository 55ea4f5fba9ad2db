import { test as base, expect, type Page } from '@playwright/test';
import { type MixdownServer, startTemporaryMixdown } from '../support/mixdown-server.ts';

export { expect, type Page };

/** One server per run of specs; each test gets pages of its own. */
export const test = base.extend<object, { mixdown: MixdownServer }>({
  mixdown: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from this pattern
    async ({}, use) => {
      const server = await startTemporaryMixdown();
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

export async function signIn(page: Page, url: string, email = 'pro@demo.mixdown'): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('mixdown-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/projects/);
}

/** Signs in and opens the demo project. */
export async function openDemo(page: Page, url: string, email?: string): Promise<void> {
  await signIn(page, url, email);
  await page.getByRole('link', { name: /demo/i }).first().click();
  await expect(page.getByTestId('track-0')).toBeVisible();
}

/** Waits for what fades in or out, before anything is measured: the contrast of a half transparent dialog is not the dialog's. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('[data-starting-style], [data-ending-style]') === null &&
      document
        .getAnimations()
        .every(
          (animation) =>
            animation.playState !== 'running' ||
            animation.effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY,
        ),
  );
}
