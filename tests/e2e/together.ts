import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { projectApi, tokenOf } from './api.ts';
import { expect, signIn } from './fixtures.ts';

export const PRO = 'pro@demo.mixdown';
export const ANA = 'ana@demo.mixdown';

declare global {
  interface Window {
    /** Every value that the page has sent to an AudioParam. */
    heard: number[];
  }
}

/** Notes what reaches the audio engine's parameters, where it can be heard. */
function listen(): void {
  window.heard = [];
  for (const name of ['linearRampToValueAtTime', 'setValueAtTime'] as const) {
    const original = AudioParam.prototype[name];
    AudioParam.prototype[name] = function (this: AudioParam, value: number, time: number) {
      window.heard.push(value);
      return original.call(this, value, time);
    };
  }
}

export interface Member {
  readonly email: string;
  readonly context: BrowserContext;
  readonly page: Page;
}

/** Somebody with a browser of their own. */
export async function arrive(browser: Browser, url: string, email: string): Promise<Member> {
  const context = await browser.newContext();
  await context.addInitScript(listen);
  const page = await context.newPage();
  await signIn(page, url, email);
  return { email, context, page };
}

async function api(url: string, email: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${url}/api/v1/daw${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenOf(url, email)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** A project of its own for each test, a copy of the demo: pro owns it, Ana edits it. */
export async function sharedProject(url: string) {
  const created = await api(url, PRO, 'POST', '/projects', { name: 'Together', from: 'demo' });
  const { id } = (await created.json()) as { id: string };
  const invited = await api(url, PRO, 'PUT', `/projects/${id}/members`, {
    email: ANA,
    role: 'editor',
  });
  const { userId } = (await invited.json()) as { userId: string };
  const projectUrl = `${url}/projects/${id}`;
  return {
    id,
    url: projectUrl,
    anaId: userId,
    snapshot: async () => (await projectApi(url, projectUrl, PRO)).snapshot(),
    /** Makes Ana a client: somebody who hears exports. */
    demoteAna: () => api(url, PRO, 'PUT', `/projects/${id}/members/${userId}`, { role: 'client' }),
  };
}
export type SharedProject = Awaited<ReturnType<typeof sharedProject>>;

export const status = (page: Page) => page.getByTestId('connection-status');

/** Opens a project and its Bass track, whose compressor is what hands meet on. */
export async function enter({ page }: Member, project: SharedProject): Promise<void> {
  await page.goto(project.url);
  await expect(status(page)).toHaveAttribute('data-status', 'live');
  await page.getByTestId('track-1').click({ position: { x: 40, y: 12 } });
  await expect(slot(page)).toHaveAttribute('data-state', 'active');
}

export const slot = (page: Page, catalogId = 'mixdown.compressor'): Locator =>
  page.locator(`[data-catalog-id="${catalogId}"]`);
export const knob = (page: Page, paramId = 'threshold'): Locator =>
  slot(page).getByTestId(`param-${paramId}`);

export async function reading(at: Locator): Promise<number> {
  return Number(await at.getAttribute('aria-valuenow'));
}

/** Takes a knob by the pointer and moves it up by some pixels; the hand stays on it until it is let go. */
export async function take(
  at: Locator,
): Promise<{ move(up: number): Promise<void>; letGo(): Promise<void> }> {
  const page = at.page();
  const box = await at.boundingBox();
  if (!box) throw new Error('the knob has no place on the page');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  return {
    move: (up) => page.mouse.move(x, y - up, { steps: 5 }),
    letGo: () => page.mouse.up(),
  };
}

/** Types a value into a knob. */
export async function type(at: Locator, value: string): Promise<void> {
  await at.focus();
  await at.page().keyboard.type(value);
  await at.page().keyboard.press('Enter');
}

export const chainOf = (page: Page) =>
  page
    .locator('[data-testid^="slot-"][data-catalog-id]')
    .evaluateAll((slots) => slots.map((s) => s.getAttribute('data-catalog-id')));

/** What the server has stored on a parameter of the compressor of Bass. */
export async function stored(
  project: SharedProject,
  paramId = 'threshold',
): Promise<number | undefined> {
  const snapshot = await project.snapshot();
  const bass = snapshot.tracks.find((track) => track.name === 'Bass')?.id;
  return snapshot.plugins.find((p) => p.trackId === bass && p.catalogId === 'mixdown.compressor')
    ?.params[paramId];
}
