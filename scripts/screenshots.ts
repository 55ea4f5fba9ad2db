/**
 * `npm run screenshots`: the pictures of the documentation, taken from a fresh server in a real browser, so that they
 * always show the product as it is.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../tests/support/browser.ts';
import { ROOT, startTemporaryMixdown } from '../tests/support/mixdown-server.ts';

const out = path.join(ROOT, 'docs/images');
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

async function openAsGuest(browser: Browser, url: string, size: keyof typeof SIZES): Promise<Page> {
  const page = await browser.newPage({ viewport: SIZES[size] });
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  await page.goto(url);
  await page.getByTestId('track-0').waitFor();
  // On a phone the effects stand behind a tab of their own.
  await page.locator('[data-state="active"]').first().waitFor({ state: 'attached' });
  return page;
}

/** A moment of the song with everything playing, so that meters and playhead show. */
async function play(page: Page): Promise<void> {
  await page.getByTestId('play').click();
  await page.waitForTimeout(2500);
}

const shoot = (page: Page, name: string) =>
  page.screenshot({ path: path.join(out, `${name}.png`) });

await mkdir(out, { recursive: true });
const server = await startTemporaryMixdown();
const browser = await launchBrowser();
try {
  const desktop = await openAsGuest(browser, server.url, 'desktop');
  await play(desktop);
  await shoot(desktop, 'project-1440x900');
  await desktop.keyboard.press('Control+k');
  await desktop.getByTestId('plugin-browser').waitFor();
  await shoot(desktop, 'browser-1440x900');
  await desktop.close();

  const phone = await openAsGuest(browser, server.url, 'phone');
  await play(phone);
  await shoot(phone, 'project-390x844');
  await phone.getByText(/^Effects of/).click();
  await shoot(phone, 'effects-390x844');
  await phone.close();
  console.log(`Wrote ${out}`);
} finally {
  await browser.close();
  await server.close();
}
