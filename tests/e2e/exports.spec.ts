import { tokenOf } from './api.ts';
import { expect, settled, signIn, test } from './fixtures.ts';

test('an export is told of as it happens, shared, canceled, and repeated by asking alone', async ({
  page,
  mixdown,
}) => {
  const asked: string[] = [];
  test.setTimeout(180_000);
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    const [, what] = /\/exports\/[0-9a-f-]{36}(\/events)?$/.exec(pathname) ?? [];
    if (request.method() === 'GET' && /\/exports\/[0-9a-f-]{36}(\/events)?$/.test(pathname))
      asked.push(what ? 'stream' : 'poll');
  });
  // Of its own: what others count in the demo's list of exports is theirs.
  const made = await fetch(`${mixdown.url}/api/v1/daw/projects`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(mixdown.url)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'Tray song', from: 'demo' }),
  });
  const { id } = (await made.json()) as { id: string };
  await signIn(page, mixdown.url);
  await page.goto(`${mixdown.url}/projects/${id}`);
  await page.getByTestId('export-open').click();
  await page.getByTestId('export-submit').click();
  const job = page.locator('[data-testid^="job-"][data-status]').first();
  await expect(job).toHaveAttribute('data-status', 'rendering');
  await expect(job.getByText(/[1-9]\d? %/)).toBeVisible();
  expect(asked).toEqual(['stream']);

  await job.getByTestId('job-share').click();
  const dialog = page.getByTestId('share-export-dialog');
  await expect(dialog).toContainText('With nobody yet.');
  await dialog.getByTestId('share-email').fill('nobody@nowhere.example');
  await dialog.getByTestId('share-submit').click();
  await expect(dialog).toContainText(/account|sign up/i);
  await dialog.getByTestId('share-email').fill('client@demo.mixdown');
  await dialog.getByTestId('share-submit').click();
  const listed = dialog.getByRole('list', { name: 'Shared with' });
  await expect(listed).toContainText('client@demo.mixdown');
  await settled(page);
  await dialog.getByRole('button', { name: 'End the share with client@demo.mixdown' }).click();
  await expect(listed).toContainText('With nobody yet.');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  const cancel = job.getByRole('button', { name: 'Cancel export' });
  if (await cancel.isVisible()) await cancel.click();
  await expect(job).toHaveAttribute('data-status', 'canceled');
  expect(asked.filter((what) => what === 'poll')).toEqual([]);

  await page.route('**/exports/*/events', (route) => route.abort());
  await job.getByTestId('job-retry').click();
  await expect(job).toHaveAttribute('data-status', 'completed', { timeout: 90_000 });
  expect(asked).toContain('poll');
  await expect(job.getByTestId('job-download')).toBeVisible();
  await expect(job).toContainText(/Kept until/);
});
