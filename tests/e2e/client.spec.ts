import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { type ExportRequest, ExportView, Project } from '@mixdown/contract';
import { tokenOf } from './api.ts';
import { expect, type Page, settled, test } from './fixtures.ts';

const CLIENT = 'client@demo.mixdown';

/** The pro's side, over HTTP: a project from the demo, and its exports. */
async function studio(url: string) {
  const authorization = `Bearer ${await tokenOf(url)}`;
  const send = async (method: string, path: string, body?: unknown, more = {}) => {
    const answer = await fetch(`${url}/api/v1/daw${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json', ...more },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  const project = Project.parse(
    await send('POST', '/projects', { name: 'Night drive', from: 'demo' }),
  );
  return {
    async exported(options: Partial<ExportRequest>): Promise<ExportView> {
      const key = { 'idempotency-key': crypto.randomUUID() };
      const { id } = await send('POST', `/projects/${project.id}/export`, options, key);
      let view: ExportView | null = null;
      await expect
        .poll(
          async () => {
            view = ExportView.parse(await send('GET', `/exports/${id}`));
            return view.status;
          },
          { timeout: 90_000 },
        )
        .toBe('completed');
      return view as unknown as ExportView;
    },
    async share(id: string): Promise<string> {
      return (await send('POST', `/exports/${id}/shares`, { email: CLIENT })).userId;
    },
    unshare: (id: string, userId: string) => send('DELETE', `/exports/${id}/shares/${userId}`),
  };
}

async function signInAsClient(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(CLIENT);
  await page.getByLabel('Password', { exact: true }).fill('mixdown-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Keeps every media element and gain that the page makes, so that the test reads what plays and how loud. */
async function watchSound(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard = new Map<HTMLMediaElement, GainNode>();
    const sources = new WeakMap<AudioNode, HTMLMediaElement>();
    const make = AudioContext.prototype.createMediaElementSource;
    AudioContext.prototype.createMediaElementSource = function (media) {
      const node = make.call(this, media);
      sources.set(node, media);
      return node;
    };
    const connect = AudioNode.prototype.connect as (...args: unknown[]) => AudioNode;
    AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
      const media = sources.get(this);
      if (media && args[0] instanceof GainNode) heard.set(media, args[0]);
      return connect.apply(this, args);
    } as typeof AudioNode.prototype.connect;
    Object.assign(window, { heard });
  });
}
interface Sound {
  readonly at: number;
  readonly gain: number;
  readonly paused: boolean;
}
const sounds = (page: Page): Promise<Sound[]> =>
  page.evaluate(() => {
    const { heard } = window as unknown as { heard: Map<HTMLMediaElement, GainNode> };
    return [...heard]
      .filter(([media]) => media.hasAttribute('src'))
      .map(([media, gain]) => ({
        at: media.currentTime,
        gain: gain.gain.value,
        paused: media.paused,
      }));
  });
const gains = async (page: Page) =>
  (await sounds(page)).map(({ gain }) => Math.round(gain * 1000) / 1000);

const axe = async (page: Page) => {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`);
};

test('a client hears, compares at equal loudness and downloads what is shared, until it is not', async ({
  page,
  mixdown,
}) => {
  test.setTimeout(240_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await watchSound(page);

  await page.goto(`${mixdown.url}/sign-in`);
  await signInAsClient(page);
  await page.waitForURL(/\/exports$/);
  await expect(page.getByText('Nothing shared with you yet')).toBeVisible();
  expect(await axe(page)).toEqual([]);

  const pro = await studio(mixdown.url);
  const range = { kind: 'frames', startFrame: 0, endFrame: 48_000 * 8 } as const;
  const loud = await pro.exported({ range, bitDepth: 16, tail: 'none' });
  const quiet = await pro.exported({
    range: { ...range, endFrame: 48_000 * 6 },
    format: 'flac',
    tail: 'none',
    normalize: { lufs: -34, ceilingDbtp: -1 },
  });
  const unheard = await pro.exported({ range: { ...range, endFrame: 48_000 }, tail: 'none' });
  const userId = await pro.share(loud.id);
  await pro.share(quiet.id);

  // They appear by themselves, and nothing that is not shared does.
  await expect(page.getByTestId(`version-${loud.id}`)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId(`version-${quiet.id}`)).toContainText('−34.0 LUFS');
  await expect(page.getByTestId(`version-${unheard.id}`)).toHaveCount(0);

  await page.getByRole('button', { name: 'Play version 1' }).click();
  await expect(page.getByTestId('waveform')).toBeVisible();
  await expect.poll(async () => (await sounds(page))[0]?.at ?? 0).toBeGreaterThan(0.5);
  expect(await gains(page)).toEqual([1]);
  await page.getByTestId('play-pause').click();
  await expect.poll(async () => (await sounds(page))[0]?.paused).toBe(true);

  // By pointer to the middle, then by keys.
  const box = await page.getByTestId('seek').boundingBox();
  if (!box) throw new Error('there is nothing to seek on');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect.poll(async () => (await sounds(page))[0]?.at).toBeCloseTo(4, 1);
  await page.getByTestId('seek').focus();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('seek')).toHaveAttribute('aria-valuetext', /^0 seconds of 8/);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await sounds(page))[0]?.at).toBeCloseTo(5, 1);
  await page.keyboard.press('Home');

  await page.getByRole('button', { name: 'Compare version 2' }).click();
  await expect(page.getByTestId('waveform')).toHaveCount(2);
  const difference = -34 - (loud.result?.integratedLufs ?? 0);
  expect(difference).toBeLessThan(-3);
  const shown = `${difference.toFixed(1).replace('-', '−')} dB to match`;
  await expect(page.getByTestId(`match-${loud.id}`)).toHaveText(shown);
  await page.getByTestId('seek').focus();
  await page.keyboard.press('Space');
  await expect.poll(async () => (await sounds(page)).filter((s) => s.at > 0.3).length).toBe(2);
  const [a, b] = await sounds(page);
  expect(Math.abs((a?.at ?? 0) - (b?.at ?? 9))).toBeLessThan(0.3);
  const matched = Math.round(10 ** (difference / 20) * 1000) / 1000;
  await expect.poll(async () => Math.max(...(await gains(page)))).toBeCloseTo(matched, 2);
  await page.keyboard.press('x');
  await expect.poll(async () => (await gains(page)).toSorted()).toEqual([0, 1]);
  await page.keyboard.press('1');
  await expect.poll(async () => Math.max(...(await gains(page)))).toBeCloseTo(matched, 2);
  await page.getByRole('switch', { name: 'Equal loudness' }).click();
  await expect.poll(async () => (await gains(page)).toSorted()).toEqual([0, 1]);
  await page.getByTestId('play-pause').click();
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ]) {
    await page.setViewportSize(viewport);
    expect(await axe(page)).toEqual([]);
    const wide = () => document.documentElement.scrollWidth - window.innerWidth;
    expect(await page.evaluate(wide)).toBeLessThanOrEqual(0);
  }

  const downloading = page.waitForEvent('download');
  await page.getByTestId(`download-${loud.id}`).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('Night drive.wav');
  const bytes = await readFile(await file.path());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(loud.result?.sha256);

  await pro.unshare(loud.id, userId);
  await expect(page.getByTestId(`version-${loud.id}`)).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByTestId('withdrawn')).toContainText(
    'Night drive, v1 is no longer shared with you. Ask pro@demo.mixdown',
  );
  expect(problems).toEqual([]);
});

test('a link leads through sign-in to its export, and to whom to ask where it is not shared', async ({
  page,
  mixdown,
}) => {
  test.setTimeout(180_000);
  await watchSound(page);
  const pro = await studio(mixdown.url);
  const range = { kind: 'frames', startFrame: 0, endFrame: 48_000 * 4 } as const;
  const view = await pro.exported({ range, format: 'mp3', tail: 'none' });
  await page.goto(`${mixdown.url}/exports/${view.id}`);
  await signInAsClient(page);
  await page.waitForURL(new RegExp(view.id));
  await expect(page.getByText(`You are signed in as ${CLIENT}.`)).toBeVisible();
  expect(await axe(page)).toEqual([]);

  await pro.share(view.id);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Night drive, v1');
  // The first address has run out by the time it is used: the player gets another one, and goes on.
  let refused = 0;
  await page.route('**/files/**', (route) => {
    refused += 1;
    return refused === 1 ? route.fulfill({ status: 404 }) : route.continue();
  });
  await page.getByTestId('play-pause').click();
  await expect.poll(async () => (await sounds(page))[0]?.at ?? 0).toBeGreaterThan(0.3);
  expect(refused).toBeGreaterThan(1);

  // A file that no browser decodes is said to be one.
  await page.reload();
  await page.unroute('**/files/**');
  await page.route('**/files/**', (route) =>
    route.fulfill({ status: 200, contentType: 'audio/mpeg', body: 'not a sound at all' }),
  );
  await page.getByTestId('play-pause').click();
  await expect(page.getByTestId('trouble')).toContainText('Your browser cannot play this file');
  await expect(page.getByTestId('play-pause')).toHaveAccessibleName('Play');
});
