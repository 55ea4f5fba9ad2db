import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { buildFaultyPlugins } from '../fixtures/faulty-plugins/build.ts';
import { type FakeIngest, startFakeIngest } from '../support/fake-ingest/index.ts';
import { type MixdownServer, ROOT, startTemporaryMixdown } from '../support/mixdown-server.ts';
import { tokenOf } from './api.ts';
import { test as base, expect, signIn } from './fixtures.ts';

/** A server whose catalog has the faulty collection beside ours, and which sends its telemetry to us. */
const test = base.extend<object, { faulty: MixdownServer; ingest: FakeIngest }>({
  ingest: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from this pattern
    async ({}, use) => {
      const ingest = await startFakeIngest();
      await use(ingest);
      await ingest.close();
    },
    { scope: 'worker' },
  ],
  faulty: [
    async ({ ingest }, use) => {
      const dir = await mkdtemp(path.join(tmpdir(), 'mixdown-faulty-'));
      await buildFaultyPlugins(dir);
      const PLUGIN_DIRS = [path.join(ROOT, 'plugins/dist'), dir].join(path.delimiter);
      const server = await startTemporaryMixdown({ ...ingest.env, PLUGIN_DIRS });
      await use(server);
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

const STATE = btoa('kept byte for byte \u0001\u00ff');

/** A copy of the demo with the given plugins at the end of the first track's chain; returns the project's id. */
async function projectWith(url: string, catalogIds: readonly string[]): Promise<string> {
  const headers = {
    authorization: `Bearer ${await tokenOf(url)}`,
    'content-type': 'application/json',
  };
  const call = async (method: string, where: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1/daw${where}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { id: projectId } = await call('POST', '/projects', { name: 'Faults', from: 'demo' });
  const snapshot = await call('GET', `/projects/${projectId}`);
  const trackId: string = snapshot.tracks[0].id;
  for (const catalogId of catalogIds) {
    const { plugin } = await call('POST', `/projects/${projectId}/plugins`, { trackId, catalogId });
    await call('PUT', `/projects/${projectId}/plugins/${plugin.id}`, { state: STATE });
  }
  return projectId;
}

async function open(page: Page, url: string, projectId: string): Promise<void> {
  await signIn(page, url);
  await page.goto(`${url}/projects/${projectId}`);
  await page.getByTestId('track-0').click();
}

const slot = (page: Page, id: string) => page.locator(`[data-catalog-id="${id}"]`);

const WHILE_LOADING = [
  ['test.file-missing', /could not be found/, 'not_found'],
  ['test.wrong-hash', /to be safe/, 'integrity'],
  ['test.throws-on-load', /cannot be read/, 'syntax'],
  ['test.no-constructor', /is not a plugin/, 'no_constructor'],
  ['test.never-answers', /takes too long/, 'timeout'],
] as const;

test('a plugin that cannot load says why, and everything else plays', async ({
  page,
  faulty,
  ingest,
}) => {
  const ids = WHILE_LOADING.map(([id]) => id);
  const projectId = await projectWith(faulty.url, ids);
  await open(page, faulty.url, projectId);
  await page.getByTestId('play').click();
  for (const [id, words, failure] of WHILE_LOADING) {
    await expect(slot(page, id)).toHaveAttribute('data-state', /failed|blocked/, {
      timeout: 30_000,
    });
    await expect(slot(page, id)).toContainText(words);
    await expect(slot(page, id).getByRole('button', { name: /Retry/ })).toBeVisible();
    await expect(slot(page, id).getByRole('button', { name: /Remove/ })).toBeVisible();
    const error = await ingest.nextError(({ tags }) => tags.catalogId === id);
    expect(error.tags.failure).toBe(failure);
  }
  await expect(slot(page, 'mixdown.eq')).toHaveAttribute('data-state', 'active');
  await expect(page.getByTestId('master-peak')).toHaveText(/−?\d/);

  // Kept byte for byte, also through a move.
  await slot(page, 'test.file-missing').focus();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(page.getByTestId('save-status')).toHaveAttribute('data-status', 'saved');
  const answer = await fetch(`${faulty.url}/api/v1/daw/projects/${projectId}`, {
    headers: { authorization: `Bearer ${await tokenOf(faulty.url)}` },
  });
  const { plugins } = await answer.json();
  const states = plugins
    .filter((p: { catalogId: string }) => p.catalogId.startsWith('test.'))
    .map((p: { state: string }) => p.state);
  expect(states).toEqual(ids.map(() => STATE));
});

test('a plugin that fails while processing is bypassed, says so, and the rest plays on', async ({
  page,
  faulty,
  ingest,
}) => {
  const faults = ['test.throws-processing', 'test.emits-nan'];
  const projectId = await projectWith(faulty.url, faults);
  await open(page, faulty.url, projectId);
  for (const id of faults)
    await expect(slot(page, id)).toHaveAttribute('data-state', /active|crashed/);
  await page.getByTestId('play').click();
  for (const id of faults) {
    await expect(slot(page, id)).toHaveAttribute('data-state', 'crashed');
    await expect(slot(page, id).getByRole('button', { name: /Retry/ })).toBeVisible();
    await ingest.nextError(({ tags }) => tags.catalogId === id);
  }
  const before = (await page.getByTestId('position').textContent()) ?? '';
  await expect(page.getByTestId('position')).not.toHaveText(before);
  await expect(page.getByTestId('master-peak')).toHaveText(/−?\d/);
  await slot(page, 'test.emits-nan')
    .getByRole('button', { name: /Remove/ })
    .click();
  await expect(slot(page, 'test.emits-nan')).toHaveCount(0);
});

test('an endless loop in a processor is noticed, and the page stays usable', async ({
  page,
  faulty,
}) => {
  const projectId = await projectWith(faulty.url, ['test.endless-loop']);
  await open(page, faulty.url, projectId);
  await page.getByTestId('play').click();
  const dialog = page.getByRole('dialog', { name: 'Audio has stopped' });
  await expect(dialog).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole('button', { name: 'Reload' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByTestId('track-2').click();
  await expect(slot(page, 'mixdown.chorus')).toBeVisible();
});

test('an export with a plugin that fails while rendering fails, and says which', async ({
  page,
  faulty,
  ingest,
}) => {
  const projectId = await projectWith(faulty.url, ['test.throws-processing']);
  await open(page, faulty.url, projectId);
  await page.getByTestId('export-open').click();
  await page.getByTestId('export-dialog').getByTestId('export-submit').click();
  const job = page.locator('[data-testid^="job-"][data-status]');
  await expect(job).toHaveAttribute('data-status', 'failed', { timeout: 60_000 });
  await expect(job).toContainText('Throws while Processing');
  await ingest.nextError(
    ({ tags }) => tags.catalogId === 'test.throws-processing' && tags.stage !== undefined,
  );
});

test('what people do is counted, without values, names or tokens', async ({
  page,
  faulty,
  ingest,
}) => {
  const projectId = await projectWith(faulty.url, []);
  await open(page, faulty.url, projectId);
  const of = (event: string) =>
    ingest.nextEvent((e) => e.event === event && e.properties.projectId === projectId);
  await of('plugin.loaded');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('stereo');
  await page.keyboard.press('Enter');
  expect((await of('plugin.added')).properties.catalogId).toBe('mixdown.stereo');
  const stereo = slot(page, 'mixdown.stereo');
  await expect(stereo).toHaveAttribute('data-state', 'active');
  await stereo.getByTestId('param-width').focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp');
  await stereo.focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await of('plugin.reordered');
  await page.getByTestId('export-open').click();
  await page.getByTestId('export-dialog').getByTestId('export-submit').click();
  await of('export.started');
  const completed = await of('export.completed');
  expect(completed.properties.bytes).toBeGreaterThan(0);
  await page.close({ runBeforeUnload: true });
  expect((await of('plugin.param_changed')).properties).toMatchObject({ paramId: 'width' });
  const everything = ingest.bodies.join('\n');
  expect(everything).not.toContain('mixdown-demo');
  expect(everything).not.toContain('pro@demo.mixdown');
  expect(everything).not.toMatch(/eyJ[\w-]{20,}\./);
});
