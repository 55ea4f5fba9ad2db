import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { startHarness } from '../../packages/engine/src/testing/harness.ts';
import { ROOT } from '../support/mixdown-server.ts';
import { readFloatWav } from '../support/wav.ts';
import { projectApi } from './api.ts';
import { expect, openDemo, test } from './fixtures.ts';

const chainOf = (page: Page) =>
  page
    .locator('[data-testid^="slot-"]')
    .evaluateAll((slots) => slots.map((slot) => slot.getAttribute('data-catalog-id')));

const param = (slot: Locator, id: string) => slot.getByTestId(`param-${id}`);

async function addByKeyboard(page: Page, search: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('plugin-browser')).toBeVisible();
  await page.keyboard.type(search);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('plugin-browser')).toBeHidden();
}

const saved = (page: Page) =>
  expect(page.getByTestId('save-status')).toHaveAttribute('data-status', 'saved');

test('the demo plays on the first click, without signing up', async ({ page, mixdown }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(mixdown.url);
  for (let i = 0; i < 6; i++) await expect(page.getByTestId(`track-${i}`)).toBeVisible();
  await page.getByTestId('play').click();
  // Sound, not only a moving line: the master meter leaves its bottom.
  await expect(page.getByTestId('master-peak')).toHaveText(/−?\d/);
  const first = (await page.getByTestId('position').textContent()) ?? '';
  await expect(page.getByTestId('position')).not.toHaveText(first);
  await page.getByTestId('play').click();
  expect(problems).toEqual([]);
});

test('add, tweak, reorder, reload, export, close the tab, download, compare', async ({
  context,
  page,
  mixdown,
}) => {
  test.setTimeout(240_000);
  await openDemo(page, mixdown.url);
  const projectUrl = page.url();
  await page.getByTestId('track-1').click();
  await expect.poll(() => chainOf(page)).toEqual(['mixdown.saturator', 'mixdown.compressor']);

  await page.getByTestId('play').click();
  await addByKeyboard(page, 'chorus');
  const chorus = page.locator('[data-catalog-id="mixdown.chorus"]');
  await expect(chorus).toHaveAttribute('data-state', 'active');
  await page.getByTestId('play').click();

  const rate = param(chorus, 'rate');
  await rate.focus();
  await page.keyboard.press('Home');
  await expect(rate).toHaveAttribute('aria-valuenow', '0.02');
  await page.keyboard.type('2.5');
  await page.keyboard.press('Enter');
  await expect(rate).toHaveAttribute('aria-valuetext', '2.5 hertz');
  const tweaked = await rate.getAttribute('aria-valuenow');
  const box = await param(chorus, 'depth').boundingBox();
  if (!box) throw new Error('the knob has no place on the page');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 60, { steps: 6 });
  await page.mouse.up();
  const dragged = await param(chorus, 'depth').getAttribute('aria-valuenow');
  expect(Number(dragged)).toBeGreaterThan(2.5);

  await chorus.focus();
  await page.keyboard.press('Alt+ArrowLeft');
  const order = ['mixdown.saturator', 'mixdown.chorus', 'mixdown.compressor'];
  const added = await chainOf(page);
  expect(added.toSorted()).toEqual(order.toSorted());
  await saved(page);

  await page.reload();
  await page.getByTestId('track-1').click();
  await expect.poll(() => chainOf(page)).toEqual(added);
  await expect(param(chorus, 'rate')).toHaveAttribute('aria-valuenow', String(tweaked));
  await expect(param(chorus, 'depth')).toHaveAttribute('aria-valuenow', String(dragged));

  await page.getByTestId('export-open').click();
  const dialog = page.getByTestId('export-dialog');
  await expect(dialog).toContainText('tape-echo');
  await dialog.getByTestId('export-preset-archive').click();
  await dialog.getByTestId('export-more').click();
  await dialog.getByTestId('export-format').click();
  await page.getByRole('option', { name: /^WAV/ }).click();
  await dialog.getByRole('combobox', { name: 'Bit depth' }).click();
  await page.getByRole('option', { name: /32 bit float/ }).click();
  await dialog.getByTestId('export-submit').click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('[data-testid^="job-"][data-status]')).toHaveCount(1);
  await page.close();

  const later = await context.newPage();
  await later.goto(projectUrl);
  await expect(later.getByTestId('track-0')).toBeVisible();
  const job = later.locator('[data-testid^="job-"][data-status]');
  if (!(await job.isVisible())) await later.getByTestId('jobs-open').click();
  await expect(job).toHaveAttribute('data-status', 'completed', { timeout: 120_000 });
  const downloading = later.waitForEvent('download');
  await later.getByTestId('job-download').click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/\.wav$/);
  const file = readFloatWav(await readFile(await download.path()));
  expect(file.sampleRate).toBe(48_000);

  const api = await projectApi(mixdown.url, projectUrl);
  const snapshot = await api.snapshot();
  // Its audio engine would take a core from the render.
  await later.close();
  const offline = await renderInPage(
    context,
    snapshot,
    await api.audio(snapshot),
    await api.catalog(),
  );
  expect(file.channels.map((c) => c.length)).toEqual(offline.map((c) => c.length));
  for (const [c, samples] of file.channels.entries()) {
    expect(samples.findIndex((x, i) => !Object.is(x, offline[c]?.[i]))).toBe(-1);
  }
  expect(
    Math.max(...file.channels.map((c) => c.reduce((m, x) => Math.max(m, Math.abs(x)), 0))),
  ).toBeGreaterThan(0.1);
});

/** The same snapshot through the browser's own offline renderer, on a page that holds the engine alone. */
async function renderInPage(
  context: BrowserContext,
  snapshot: Awaited<ReturnType<Awaited<ReturnType<typeof projectApi>>['snapshot']>>,
  audio: Map<string, Float32Array<ArrayBuffer>>,
  catalog: Awaited<ReturnType<Awaited<ReturnType<typeof projectApi>>['catalog']>>,
): Promise<Float32Array[]> {
  const harness = await startHarness([path.join(ROOT, 'plugins/dist')]);
  try {
    harness.audio = audio;
    const browser = context.browser();
    if (!browser) throw new Error('the context has no browser');
    const engine = await harness.open(browser);
    const job = {
      snapshot,
      catalog,
      options: { range: { kind: 'all' as const }, tail: 'auto' as const },
    };
    expect(await engine.evaluate((j) => window.harness.offline(j), job)).toMatchObject({
      ok: true,
    });
    await engine.close();
    return harness.result('offline');
  } finally {
    await harness.close();
  }
}

test('a chain is reordered by drag', async ({ page, mixdown }) => {
  await openDemo(page, mixdown.url);
  await page.getByTestId('track-5').click();
  await expect
    .poll(() => chainOf(page))
    .toEqual(['mixdown.gate', 'mixdown.stereo', 'mixdown.reverb']);
  // Each folded slot leaves the list.
  const folds = page.getByRole('button', { name: /^Fold / });
  while ((await folds.count()) > 0) await folds.first().click();
  const heading = (id: string) => page.locator(`[data-catalog-id="${id}"] h3`);
  const from = await heading('mixdown.gate').boundingBox();
  const to = await page.locator('[data-catalog-id="mixdown.reverb"]').boundingBox();
  if (!from || !to) throw new Error('slots have no place on the page');
  await page.mouse.move(from.x + 5, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 25, from.y + from.height / 2, { steps: 4 });
  await page.mouse.move(to.x + to.width - 6, to.y + to.height / 2, { steps: 12 });
  await page.mouse.up();
  const order = ['mixdown.stereo', 'mixdown.reverb', 'mixdown.gate'];
  await expect.poll(() => chainOf(page)).toEqual(order);
  await saved(page);
  await page.reload();
  await page.getByTestId('track-5').click();
  await expect.poll(() => chainOf(page)).toEqual(order);
});

test('removing an effect can be undone, and takes its settings back along', async ({
  page,
  mixdown,
}) => {
  await openDemo(page, mixdown.url);
  await page.getByTestId('track-4').click();
  const before = await chainOf(page);
  const delay = page.locator('[data-catalog-id="mixdown.delay"]');
  await expect(delay).toHaveAttribute('data-state', 'active');
  const feedback = await param(delay, 'feedback').getAttribute('aria-valuenow');
  await delay.focus();
  await page.keyboard.press('Delete');
  await expect(delay).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect.poll(() => chainOf(page)).toEqual(before);
  await expect(param(delay, 'feedback')).toHaveAttribute('aria-valuenow', String(feedback));
  await saved(page);
});

test('a session that ends asks for the password on the spot, and edits are kept', async ({
  page,
  mixdown,
}) => {
  await openDemo(page, mixdown.url, 'ana@demo.mixdown');
  await page.route('**/auth/v1/token?grant_type=refresh_token', (route) =>
    route.fulfill({ status: 400, json: { error_code: 'refresh_token_not_found', msg: 'gone' } }),
  );
  const lead = page.getByRole('button', { name: 'Mute Lead' });
  // In one go: whatever asks the server next finds out, and the dialog takes the page.
  await lead.evaluate((button: HTMLElement) => {
    const session = JSON.parse(localStorage.getItem('mixdown.auth') ?? '{}') as object;
    localStorage.setItem('mixdown.auth', JSON.stringify({ ...session, expires_at: 1 }));
    button.click();
    document.querySelector<HTMLElement>('[data-testid="share-open"]')?.click();
  });
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await expect(dialog).toBeVisible();
  await page.unroute('**/auth/v1/token?grant_type=refresh_token');
  await dialog.getByLabel('Password').fill('mixdown-demo');
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('share-dialog')).toBeHidden();
  await saved(page);
  await expect(lead).toHaveAttribute('aria-pressed', 'true');
  await lead.click();
  await saved(page);
});
