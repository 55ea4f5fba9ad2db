import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { offDefault } from '@mixdown/wam-catalog/certify-plugin';
import { stereoNoise } from '@mixdown/wam-catalog/test-signals';
import { sha256 } from '@mixdown/wam-catalog/tree-hash';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../tests/support/browser.ts';
import { buildPlugins } from '../src/build.ts';
import { COLLECTION } from '../src/collection.ts';
import { DIST, pluginUnderTest } from '../src/testing.ts';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
};
const CSP = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const SECONDS = 0.5;
const PAGE_SCRIPT = fileURLToPath(new URL('testing/page.js', import.meta.url));

let server: Server;
let browser: Browser;
let page: Page;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  await buildPlugins(DIST);
  server = createServer((request, response) => {
    const path = request.url ?? '/';
    const file =
      path === '/page.js'
        ? PAGE_SCRIPT
        : path === '/'
          ? null
          : join(DIST, path.replace('/plugins/', ''));
    response.setHeader('content-security-policy', CSP);
    response.setHeader('content-type', TYPES[extname(file ?? 'index.html')] ?? 'text/plain');
    try {
      response.end(
        file ? readFileSync(file) : '<!doctype html><script type="module" src="/page.js"></script>',
      );
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server.close(resolve));
});

/** The functions of testing/page.js, as this side sees them. */
interface PageFunctions {
  renderPlugin(job: {
    entryUrl: string;
    sampleRate: number;
    frames: number;
    params: Record<string, number>;
    input: string[];
  }): Promise<{
    isConstructor: boolean;
    isModule: boolean;
    name: string;
    delay: number;
    state: Record<string, number>;
    values: Record<string, { id: string; value: number; normalized: boolean }>;
    infos: string[];
    hashes: string[];
  }>;
  automateStereo(entryUrl: string): Promise<{
    state: Record<string, number>;
    heard: number;
    before: number;
    after: number;
    left: number;
  }>;
}

const bytesOf = (samples: Float32Array) =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

describe.each(COLLECTION)('$name in Chromium, under a strict content security policy', ({ id }) => {
  it.each([44_100, 48_000])(
    'renders at %i Hz bit for bit what it renders in Node',
    async (sampleRate) => {
      const { entry, open } = await pluginUnderTest(id);
      const frames = SECONDS * sampleRate;
      const params = offDefault(entry.parameters);
      const input = stereoNoise(frames, { level: 0.5 });
      const wanted = open({ sampleRate, params }).run(input);
      const job = {
        entryUrl: entry.entryUrl,
        sampleRate,
        frames,
        params,
        input: input.map((channel) => bytesOf(channel).toString('base64')),
      };
      const got = await page.evaluate(
        (j) => (globalThis as unknown as PageFunctions).renderPlugin(j),
        job,
      );

      expect(got).toMatchObject({ isConstructor: true, isModule: true, name: entry.name });
      expect(got.delay).toBe(entry.latencyFrames[String(sampleRate)]);
      expect(got.infos).toEqual(entry.parameters.map((p) => p.id));
      expect(got.state).toEqual(params);
      for (const [id, value] of Object.entries(params)) {
        expect(got.values[id]).toEqual({ id, value, normalized: false });
      }
      expect(got.hashes).toEqual(wanted.map((channel) => sha256(bytesOf(channel))));
    },
  );
});

describe('the page', () => {
  it('asked for nothing elsewhere and met no complaint', () => {
    const origin = new URL(page.url()).origin;
    expect(asked.filter((url) => !url.startsWith(origin))).toEqual([]);
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });

  it('plays live: state, automation, destroy', async () => {
    const { entry } = await pluginUnderTest('mixdown.stereo');
    const got = await page.evaluate(
      (url) => (globalThis as unknown as PageFunctions).automateStereo(url),
      entry.entryUrl,
    );
    // Out of range is clamped, not a number is ignored; half way through the automation takes over.
    expect(got.state).toMatchObject({ width: 50, balance: 100, gain: 0 });
    expect(got.before).toBeCloseTo(0.5 * 10 ** (24 / 20), 2);
    expect(got.after).toBeCloseTo(0.5, 4);
    expect(got.left).toBeCloseTo(0, 4);
    expect(got.heard).toBeGreaterThan(0);
  });
});
