import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../tests/support/browser.ts';
import { type FakeIngest, startFakeIngest } from '../../../tests/support/fake-ingest/index.ts';
import type * as Entry from './browser.ts';

const ENTRY = path.join(import.meta.dirname, 'browser.ts');

const HTML = '<title>My secret song</title><script type="module" src="/page.js"></script>';

/** The entry as the web app gets it: bundled by Vite, run by a real browser, talking across origins. */
describe('browser telemetry in a page', () => {
  let dir: string;
  let server: Server;
  let origin: string;
  let browser: Browser;
  let ingest: FakeIngest;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'mixdown-telemetry-'));
    const page = path.join(dir, 'page.ts');
    await writeFile(
      page,
      `import * as telemetry from ${JSON.stringify(ENTRY)};\nObject.assign(globalThis, telemetry);`,
    );
    await build({
      root: dir,
      logLevel: 'error',
      build: {
        outDir: path.join(dir, 'out'),
        minify: false,
        lib: { entry: page, formats: ['es'], fileName: () => 'page.js' },
      },
    });
    server = createServer(async (req, res) => {
      const name = new URL(req.url ?? '/', 'http://h').pathname.slice(1);
      const known = (await readdir(path.join(dir, 'out'))).includes(name);
      res.setHeader('content-type', known ? 'text/javascript' : 'text/html');
      res.end(known ? await readFile(path.join(dir, 'out', name)) : HTML);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
    ingest = await startFakeIngest();
  });
  afterAll(async () => {
    await browser?.close();
    await ingest?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    await rm(dir, { recursive: true, force: true });
  });

  const open = async () => {
    const page = await browser.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto(`${origin}/project?token=HIDDEN1#frag`);
    return { page, loaded };
  };

  it('sends typed events and errors, and nothing of its own accord', async () => {
    const { page, loaded } = await open();
    await page.evaluate(
      async ({ key, host, dsn }) => {
        const { createBrowserTelemetry } = globalThis as unknown as typeof Entry;
        const telemetry = createBrowserTelemetry({
          posthogKey: key,
          posthogHost: host,
          sentryDsn: dsn,
          release: '9.9.9',
        });
        const ids = { projectId: 'p1', catalogId: 'mixdown.delay' };
        telemetry.capture('user-7', 'plugin.loaded', { ...ids, version: '1.0.0', loadMs: 12 });
        telemetry.captureError(new Error('for ana@example.org'), { tags: { catalogId: 'c' } });
        await telemetry.flush();
        setTimeout(() => {
          throw new RangeError('nobody caught this');
        });
        document.body.click();
      },
      {
        key: ingest.env.POSTHOG_KEY,
        host: ingest.url,
        dsn: ingest.env.SENTRY_DSN,
      },
    );
    const event = await ingest.nextEvent((e) => e.event === 'plugin.loaded');
    expect(event).toMatchObject({
      apiKey: 'phc_test',
      distinctId: 'user-7',
      properties: { projectId: 'p1', catalogId: 'mixdown.delay', loadMs: 12 },
    });
    const caught = await ingest.nextError((e) => e.message.startsWith('for'));
    expect(caught).toMatchObject({
      message: 'for [email]',
      release: 'mixdown@9.9.9',
      tags: { catalogId: 'c', service: 'web' },
    });
    await ingest.nextError((e) => e.type === 'RangeError');
    await page.close();
    expect(new Set(ingest.events.map((e) => e.event))).toEqual(
      new Set(['plugin.loaded', '$identify']),
    );
    const sent = ingest.bodies.join('\n');
    expect(sent).not.toMatch(/HIDDEN1|secret song|ana@example/);
    // Scripts come from the page's own origin alone, and PostHog is asked for no configuration.
    const elsewhere = loaded.filter(
      (url) => !url.startsWith(origin) && !url.startsWith(ingest.url),
    );
    expect(elsewhere).toEqual([]);
    expect(ingest.requests.filter((r) => !/envelope|\/e\/|OPTIONS/.test(r))).toEqual([]);
  });

  it('loads no SDK without keys', async () => {
    const { page, loaded } = await open();
    await page.evaluate(async () => {
      const { createBrowserTelemetry } = globalThis as unknown as typeof Entry;
      const telemetry = createBrowserTelemetry({ posthogKey: null });
      telemetry.captureError(new Error('x'));
      await telemetry.close();
    });
    await page.close();
    expect(loaded.filter((url) => /posthog|sentry|module/.test(url))).toEqual([]);
  });
});
