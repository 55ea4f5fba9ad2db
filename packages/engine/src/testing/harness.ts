import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import type { TestProject } from './project.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The headers under which the product serves its page: no inline code, no eval, no blob: modules. */
const HEADERS = {
  'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

export interface Harness {
  readonly url: string;
  /** What `/audio/<assetId>` serves. */
  audio: TestProject['audio'];
  /** What the page posted last under a name: planar stereo. */
  result(name: string): Float32Array[];
  /** A fresh page with `window.harness` in place. */
  open(browser: Browser): Promise<Page>;
  close(): Promise<void>;
}

/** Builds the harness page and serves it with plugins from `pluginDirs` (the first that has a file wins). */
export async function startHarness(pluginDirs: readonly string[]): Promise<Harness> {
  const dist = await mkdtemp(join(tmpdir(), 'engine-harness-'));
  await build({
    root: fileURLToPath(new URL('../../harness', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    build: { outDir: dist, emptyOutDir: true, minify: false, modulePreload: false },
    worker: { format: 'es' },
  });
  const results = new Map<string, Buffer>();
  const harness: Pick<Harness, 'audio'> = { audio: new Map() };
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, area = '', name = ''] = url.pathname.split('/');
    if (area === 'audio') return sendAudio(response, harness.audio.get(name), url.searchParams);
    if (area === 'result') return receive(request, response, (body) => results.set(name, body));
    const path = normalize(url.pathname === '/' ? '/index.html' : url.pathname);
    const roots = area === 'plugins' ? pluginDirs : [dist];
    return sendFile(
      response,
      roots.map((root) => join(root, area === 'plugins' ? path.slice('/plugins'.length) : path)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  return Object.assign(harness, {
    url,
    result(name: string) {
      const body = results.get(name);
      if (!body) throw new Error(`The page posted no ${name}`);
      const all = new Float32Array(new Uint8Array(body).buffer);
      return [all.subarray(0, all.length / 2), all.subarray(all.length / 2)];
    },
    async open(browser: Browser) {
      const page = await browser.newPage();
      await page.goto(url);
      await page.waitForFunction('window.harness !== undefined');
      return page;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dist, { recursive: true, force: true });
    },
  });
}

function sendAudio(
  response: ServerResponse,
  audio: Float32Array | undefined,
  query: URLSearchParams,
): void {
  const frames = Number(query.get('frames'));
  const channels = Number(query.get('channels') ?? 2);
  const start = Number(query.get('start')) * channels * 4;
  if (!audio) return void response.writeHead(404).end();
  response.end(Buffer.from(audio.buffer as ArrayBuffer, start, frames * channels * 4));
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  done: (body: Buffer) => void,
): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    done(Buffer.concat(parts));
    response.end();
  });
}

function sendFile(response: ServerResponse, [path, ...others]: readonly string[]): void {
  if (path === undefined) return void response.writeHead(404).end();
  const stream = createReadStream(path);
  stream.once('error', () => sendFile(response, others));
  stream.once('open', () => {
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    stream.pipe(response);
  });
}
