import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { CatalogEntry } from '@mixdown/contract';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../tests/support/browser.ts';

type Host = typeof import('./index.ts');
declare global {
  interface Window {
    host: Host;
  }
}

const PAGE = '<!doctype html><script type="module" src="/boot.js"></script>';
const BOOT = `import * as host from '/host.js'; window.host = host;`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const GOOD_PROCESSOR = `registerProcessor('p', class extends AudioWorkletProcessor {
  static get parameterDescriptors() { return [{ name: 'averylongparametername', defaultValue: 3 }]; }
  process() { return true; }
});`;
const wam = (create: string) => `export default class {
  static isWebAudioModuleConstructor = true;
  static async createInstance(group, context, state) {
    const add = () => context.audioWorklet.addModule(new URL('./processor.js', import.meta.url).href);
    ${create}
  }
}`;
const NODE = `await add(); const node = new AudioWorkletNode(context, 'p');
  node.setState = async (s) => { window.seen.state = s; };
  node.destroy = () => { window.seen.destroyed++; return new Promise(() => {}); };
  window.seen.group = group; window.seen.params = state.params;
  return { audioNode: node };`;

interface Fake {
  readonly module: string;
  readonly processor?: string;
  /** Served, but not what the catalog says. */
  readonly tampered?: boolean;
  readonly missing?: boolean;
}

let browser: Browser;
let page: Page;
let host: string;
let server: Server;
let origin: string;
/** What the server answers, by path; anything else is 404. */
let served = new Map<string, string>();

beforeAll(async () => {
  const bundle = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('index.ts', import.meta.url)), formats: ['es'] },
    },
  });
  const [output] = Array.isArray(bundle) ? bundle : [bundle];
  if (!output || !('output' in output)) throw new Error('no bundle');
  host = output.output[0].code;
  browser = await launchBrowser();
  server = createServer((request, response) => {
    const body = served.get(request.url ?? '');
    response.setHeader('content-security-policy', "script-src 'self' 'wasm-unsafe-eval'");
    response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/javascript');
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});
beforeEach(async () => {
  page = await browser.newPage();
  return () => page.close();
});

/** Serves a page with the host and one plugin, and loads the plugin in it. */
async function load(
  fake: Fake,
  more: { timeoutMs?: number; state?: string; renderPath?: CatalogEntry['renderPath'] } = {},
) {
  const files = { 'index.js': fake.module, 'processor.js': fake.processor ?? GOOD_PROCESSOR };
  served = new Map([
    ['/', PAGE],
    ['/boot.js', BOOT],
    ['/host.js', host],
  ]);
  for (const [name, text] of Object.entries(files)) {
    if (fake.missing && name === 'processor.js') continue;
    served.set(`/plugins/fake/1/${name}`, text + (fake.tampered ? '//' : ''));
  }
  await page.goto(origin);
  await page.waitForFunction(() => window.host !== undefined);
  const entry = {
    id: 'test.fake',
    entryUrl: '/plugins/fake/1/index.js',
    renderPath: more.renderPath ?? 'direct',
    files: Object.entries(files).map(([path, text]) => ({ path, sha256: sha256(text), bytes: 1 })),
  };
  return page.evaluate(
    async ({ entry, timeoutMs, state }) => {
      const { installProcessorErrorHook, loadPlugin } = window.host;
      Object.assign(window, { seen: { destroyed: 0 } });
      installProcessorErrorHook();
      const context = new OfflineAudioContext(2, 128, 48_000);
      Object.assign(window, { context });
      const result = await loadPlugin({
        context,
        entry: entry as CatalogEntry,
        params: { gain: 0.5 },
        state: state ?? null,
        hostGroupId: 'group',
        ...(timeoutMs && { timeoutMs }),
      });
      if (!result.ok) return result;
      Object.assign(window, { instance: result.instance });
      return { ok: true };
    },
    { entry, timeoutMs: more.timeoutMs, state: more.state },
  );
}
const seen = () =>
  page.evaluate(() => (window as unknown as { seen: Record<string, unknown> }).seen);

describe('loadPlugin in Chromium', () => {
  it('makes an instance with its parameters', async () => {
    expect(await load({ module: wam(NODE) })).toEqual({ ok: true });
    expect(await seen()).toMatchObject({ group: 'group', params: { gain: 0.5 } });
  });

  it('applies opaque state only where parameters are not everything', async () => {
    const state = Buffer.from(JSON.stringify({ ir: 'ä' })).toString('base64');
    await load({ module: wam(NODE) }, { state, renderPath: 'browser' });
    expect(await seen()).toMatchObject({ state: { ir: 'ä' } });
    await page.close();
    page = await browser.newPage();
    await load({ module: wam(NODE) }, { state });
    expect(await seen()).not.toHaveProperty('state');
  });

  it.each<[string, Fake, string]>([
    ['a missing file', { module: wam(NODE), missing: true }, 'not_found'],
    ['files that were changed', { module: wam(NODE), tampered: true }, 'integrity'],
    ['code that does not parse', { module: 'export default class {' }, 'syntax'],
    ['code that throws', { module: 'throw new Error("no")' }, 'syntax'],
    ['a module that is no plugin', { module: 'export default 5' }, 'no_constructor'],
    ['an instance without a node', { module: wam('return {};') }, 'no_constructor'],
    ['an instance that fails', { module: wam('throw new Error("no");') }, 'processor_error'],
    [
      'a worklet that does not register',
      { module: wam(NODE), processor: 'throw new Error("no");' },
      'processor_error',
    ],
    ['eval', { module: wam(`eval('1'); ${NODE}`) }, 'blocked_by_policy'],
    [
      'code from elsewhere',
      { module: wam(`await import('https://elsewhere.invalid/x.js'); ${NODE}`) },
      'blocked_by_policy',
    ],
  ])('names the reason: %s', async (_, fake, failure) => {
    expect(await load(fake)).toMatchObject({ ok: false, failure });
  });

  it('gives up in time, and destroys an instance that comes too late', async () => {
    const late = wam(`await new Promise((r) => { window.letGo = r; }); ${NODE}`);
    expect(await load({ module: late }, { timeoutMs: 50 })).toMatchObject({ failure: 'timeout' });
    const release = () => page.evaluate(() => (window as unknown as { letGo(): void }).letGo());
    await release();
    await expect.poll(seen).toMatchObject({ destroyed: 1 });
  });

  it('hears a processor that throws, also after the fact', async () => {
    const processor = GOOD_PROCESSOR.replace('return true', 'throw new Error("mid-song")');
    await load({ module: wam(NODE), processor });
    const details = await page.evaluate(async () => {
      const { onProcessorError } = window.host;
      const { instance, context } = window as unknown as {
        instance: { audioNode: AudioNode };
        context: OfflineAudioContext;
      };
      instance.audioNode.connect(context.destination);
      const first = new Promise((resolve) => onProcessorError(instance.audioNode, resolve));
      await context.startRendering();
      const details = [await first];
      onProcessorError(instance.audioNode, (detail: string) => details.push(detail));
      return details;
    });
    expect(details).toHaveLength(2);
    expect(details[0]).toBe(details[1]);
  });

  it('hands out names of parameters that are strings of their own', async () => {
    await load({ module: wam(NODE) });
    const names = await page.evaluate(() => {
      const { instance } = window as unknown as { instance: { audioNode: AudioWorkletNode } };
      const { parameters } = instance.audioNode;
      const seen: string[] = [];
      parameters.forEach((param, name) => void seen.push(`${name}=${param.value}`));
      return [...seen, ...parameters.keys(), ...[...parameters].map(([name]) => name)];
    });
    const name = 'averylongparametername';
    expect(names).toEqual([`${name}=3`, name, name]);
  });

  it('probes the browser, down to the sound of a worklet', async () => {
    const pass = `registerProcessor('pass', class extends AudioWorkletProcessor {
      process([input], [output]) { input.forEach((x, c) => output[c].set(x)); return true; }
    });`;
    await load({ module: wam(NODE), processor: pass });
    const probes = await page.evaluate(async () => {
      const { probeBrowser } = window.host;
      const url = '/plugins/fake/1/processor.js';
      const all = [
        await probeBrowser(),
        await probeBrowser({ module: { url, processor: 'pass' } }),
        await probeBrowser({ module: { url, processor: 'nobody' } }),
        await probeBrowser({ module: { url: '/nowhere.js', processor: 'pass' } }),
      ];
      Object.defineProperty(window, 'isSecureContext', { value: false });
      return [...all, await probeBrowser()].map((probe) => (probe.ok ? 'ok' : probe.reason));
    });
    expect(probes).toEqual(['ok', 'ok', 'render_failed', 'module_refused', 'insecure_context']);
  });
});
