import { randomUUID } from 'node:crypto';
import AxeBuilder from '@axe-core/playwright';
import { tokenOf } from './api.ts';
import { expect, type Page, settled, test } from './fixtures.ts';

/** One second of the demo, as a pro asks for it over HTTP. */
async function proApi(url: string) {
  const headers = {
    authorization: `Bearer ${await tokenOf(url)}`,
    'content-type': 'application/json',
  };
  const base = `${url}/api/v1/daw`;
  const get = async (path: string) =>
    (await fetch(`${base}${path}`, { headers })).json() as Promise<Record<string, never>>;
  // Of its own: what others count in the demo's list of exports is theirs.
  const made = await fetch(`${base}/projects`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'Reviewed song', from: 'demo' }),
  });
  const project = (await made.json()) as { id: string };
  return {
    ask: () =>
      fetch(`${base}/projects/${project.id}/export`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': randomUUID() },
        body: JSON.stringify({
          format: 'wav',
          tail: 'none',
          range: { kind: 'frames', startFrame: 0, endFrame: 48_000 },
        }),
      }),
    async finished(id: string): Promise<string> {
      let status = '';
      await expect
        .poll(
          async () => {
            status = String((await get(`/exports/${id}`)).status);
            return ['completed', 'failed', 'canceled', 'revoked'].includes(status);
          },
          { timeout: 60_000 },
        )
        .toBe(true);
      return status;
    },
    async link(id: string): Promise<string> {
      const answer = await fetch(`${base}/exports/${id}/download`, { headers, redirect: 'manual' });
      return answer.headers.get('location') ?? '';
    },
    downloads: async (id: string) =>
      (await fetch(`${base}/exports/${id}/download`, { headers, redirect: 'manual' })).status,
  };
}

async function asAdmin(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill('admin@demo.mixdown');
  await page.getByLabel('Password', { exact: true }).fill('mixdown-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/admin$/);
}

async function giveReason(page: Page, reason: string): Promise<void> {
  await page.getByLabel('Reason, kept in the audit for good').fill(reason);
  await page.getByTestId('reason-submit').click();
}
const gone = (page: Page) => expect(page.getByTestId('reason-dialog')).toHaveCount(0);

async function noViolations(page: Page): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((n) => n.target)])).toEqual([]);
}

test('an admin looks into an export, listens with a reason, holds it back, and takes it down', async ({
  page,
  mixdown,
}) => {
  const pro = await proApi(mixdown.url);
  const { id } = (await (await pro.ask()).json()) as { id: string };
  expect(await pro.finished(id)).toBe('completed');
  const copied = await pro.link(id);
  expect((await fetch(copied)).status).toBe(200);

  await asAdmin(page, mixdown.url);
  await page.getByRole('button', { name: 'Only theirs: the exports of pro@demo.mixdown' }).click();
  await expect(page).toHaveURL(/user=/);
  const row = page.getByTestId(`admin-export-${id}`);
  await expect(row).toContainText('pro@demo.mixdown');
  await noViolations(page);
  await row.getByRole('button', { name: /^Review/ }).click();

  await page.getByTestId('act-claim').click();
  await giveReason(page, 'no');
  await expect(page.getByText('Say why, in 3 characters or more.')).toBeVisible();
  await noViolations(page);
  await giveReason(page, 'Reported by a label');
  await gone(page);
  await expect(page.getByTestId('review-dialog')).toContainText('You look into this');

  await page.getByTestId('act-reveal').click();
  await giveReason(page, 'Comparing with the label’s master');
  await gone(page);
  const audio = page.getByTestId('reveal-audio');
  await audio.evaluate((element: HTMLAudioElement) => element.play());
  await expect
    .poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime))
    .toBeGreaterThan(0.1);
  await expect(page.getByTestId('review-dialog')).toContainText(
    'Comparing with the label’s master',
  );

  await page.getByTestId('act-quarantine').click();
  await giveReason(page, 'Waiting for the label');
  await gone(page);
  await expect(page.getByTestId('review-dialog')).toContainText('Held back');
  await expect(page.getByTestId('act-quarantine')).toBeDisabled();
  expect(await pro.downloads(id)).toBe(403);
  expect((await fetch(copied)).status).not.toBe(200);

  await page.getByTestId('act-release').click();
  await giveReason(page, 'The label agrees');
  await gone(page);
  await expect(page.getByTestId('act-quarantine')).toBeEnabled();
  expect(await pro.downloads(id)).toBe(302);
  expect((await fetch(copied)).status).toBe(200);

  await page.getByTestId('act-revoke').click();
  await giveReason(page, 'The label changed its mind');
  await page.getByRole('button', { name: 'Yes, revoke' }).click();
  await gone(page);
  await expect(page.getByTestId('review-dialog')).toContainText('Taken down');
  expect(await pro.downloads(id)).toBe(410);
  expect((await fetch(copied)).status).not.toBe(200);

  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Audit' }).click();
  await expect(page.getByTestId('audit-row').first()).toContainText('The label changed its mind');
  await expect(page.getByTestId('audit-row')).toHaveCount(5);
  await noViolations(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await noViolations(page);
});

test('an admin suspends somebody’s right to export, and gives it back', async ({
  page,
  mixdown,
}) => {
  const pro = await proApi(mixdown.url);
  const { id } = (await (await pro.ask()).json()) as { id: string };
  await pro.finished(id);
  await asAdmin(page, mixdown.url);
  await page.getByRole('button', { name: 'Suspend pro@demo.mixdown' }).click();
  await giveReason(page, 'Exports other people’s records');
  await page.getByRole('button', { name: 'Yes, suspend' }).click();
  await gone(page);
  await expect(page.getByTestId('admin-person').first()).toContainText(
    'Exports other people’s records',
  );
  const refused = await pro.ask();
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('suspended');
  await page.getByRole('button', { name: 'Reinstate pro@demo.mixdown' }).click();
  await giveReason(page, 'Talked it over');
  await gone(page);
  expect((await pro.ask()).status).toBe(202);
});

test('to nobody else is there anything to see', async ({ page, mixdown }) => {
  await page.goto(`${mixdown.url}/admin?user=9f1b5f9e-0d7c-4c0e-9d6e-0a4a1a1a1a1a`);
  await page.getByLabel('E-mail').fill('ana@demo.mixdown');
  await page.getByLabel('Password', { exact: true }).fill('mixdown-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/admin\?user=/);
  await expect(page.getByRole('heading', { name: 'Exports' })).toHaveCount(0);
  await expect(page.getByText(/not (be )?found|nothing here|no such page/i).first()).toBeVisible();
});
