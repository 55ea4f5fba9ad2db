/**
 * `npm run screenshots`: the pictures of the documentation, taken from a fresh server in a real browser, so that they
 * always show the product as it is.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { tokenOf } from '../tests/e2e/api.ts';
import { settled, signIn } from '../tests/e2e/fixtures.ts';
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

async function openDemoAs(browser: Browser, url: string, email: string): Promise<Page> {
  const page = await browser.newPage({ viewport: SIZES.desktop });
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  // Whoever works here has played something before, and needs no hint.
  await page.addInitScript(() => localStorage.setItem('mixdown.heard', 'yes'));
  await signIn(page, url, email);
  await page.getByRole('link', { name: /demo/i }).first().click();
  await page.getByTestId('track-1').click({ position: { x: 60, y: 8 } });
  await page.getByTestId('param-threshold').waitFor();
  return page;
}

/** Takes hold of a knob and moves it, and does not let go. */
async function turnAKnob(page: Page): Promise<void> {
  const box = await page.getByTestId('param-threshold').boundingBox();
  if (!box) throw new Error('the knob is not on the page');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 30, { steps: 6 });
  await page.mouse.move(x, y - 50, { steps: 6 });
}

/** Two versions of the demo, the second one louder, that its client may hear. */
async function shareTwoVersions(url: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${await tokenOf(url)}`,
    'content-type': 'application/json',
  };
  const ask = async (method: string, address: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/v1/daw${address}`, {
      method,
      headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return (await answer.json()) as { id: string; status: string };
  };
  const project = await ask('POST', '/projects', { name: 'Night drive', from: 'demo' });
  for (const normalize of [null, { lufs: -14 }]) {
    const { id } = await ask('POST', `/projects/${project.id}/export`, { normalize });
    for (let status = ''; status !== 'completed'; ) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      ({ status } = await ask('GET', `/exports/${id}`));
      if (status === 'failed') throw new Error('the export failed');
    }
    await ask('POST', `/exports/${id}/shares`, { email: 'client@demo.mixdown' });
  }
}

async function openAsClient(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: SIZES.desktop });
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill('client@demo.mixdown');
  await page.getByLabel('Password', { exact: true }).fill('mixdown-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .getByRole('button', { name: /Compare/, pressed: false })
    .first()
    .click();
  await page.getByRole('button', { name: /^Play/ }).first().click();
  await page.waitForTimeout(4000);
  return page;
}

/** A moment of the song with everything playing, so that meters and playhead show. */
async function play(page: Page): Promise<void> {
  const ruler = await page.getByTestId('ruler').boundingBox();
  if (!ruler) throw new Error('the ruler is not on the page');
  await page.mouse.click(ruler.x + ruler.width * 0.42, ruler.y + ruler.height / 2);
  await page.getByTestId('play').click();
  await page.waitForTimeout(2500);
}

async function shoot(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.screenshot({ path: path.join(out, `${name}.png`) });
}

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

  const [pro, ana] = await Promise.all(
    ['pro', 'ana'].map((who) => openDemoAs(browser, server.url, `${who}@demo.mixdown`)),
  );
  if (pro && ana) {
    await pro.getByTestId('presence').waitFor();
    await turnAKnob(ana);
    await pro.getByTestId('slot-holder').first().waitFor();
    await shoot(pro, 'together-1440x900');
    await ana.mouse.up();
    await Promise.all([pro.close(), ana.close()]);
  }

  await shareTwoVersions(server.url);
  const client = await openAsClient(browser, server.url);
  await shoot(client, 'client-1440x900');
  await client.close();

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
