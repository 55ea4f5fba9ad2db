import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Catalog, PublicConfig } from '@mixdown/contract';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../create-server.ts';
import { createTestServer, INDEX_HTML, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
const get = (url: string, headers: Record<string, string> = {}) =>
  server.app.inject({ method: 'GET', url, headers });
beforeAll(async () => {
  server = await createTestServer({
    POSTHOG_KEY: 'phc_x',
    POSTHOG_HOST: 'https://eu.i.posthog.com/',
    SENTRY_DSN: 'https://key@o1.ingest.sentry.io/7',
    PUBLIC_URL: 'https://mix.example/',
  });
});
afterAll(() => server.close());

describe('the page', () => {
  it.each(['/', '/index.html', '/projects/abc', '/projects/abc?tab=mix', '/somewhere/else'])(
    'is served at %s, and asked for again each time',
    async (url) => {
      const answer = await get(url);
      expect([answer.statusCode, answer.body]).toEqual([200, INDEX_HTML]);
      expect(answer.headers['cache-control']).toBe('no-cache');
      const etag = String(answer.headers.etag);
      expect((await get(url, { 'if-none-match': etag })).statusCode).toBe(304);
    },
  );

  it('is answered once: one line of the log, with its real status', async () => {
    const lines: { level: number; status?: number; msg: string }[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line));
    const logger = pino({ level: 'info' }, { write });
    await using app = await createServer({ ...server.deps, logger });
    for (const url of ['/', '/icon.svg', '/assets/app-abc123.js']) {
      lines.length = 0;
      expect((await app.inject(url)).statusCode).toBe(200);
      expect(lines).toMatchObject([{ level: 30, status: 200, msg: 'answered' }]);
    }
  });

  it('is isolated, and may run and load nothing from elsewhere', async () => {
    const { headers } = await get('/');
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
    });
    const policy = Object.fromEntries(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
    );
    expect(policy).toMatchObject({
      'default-src': ["'none'"],
      'script-src': ["'self'", "'wasm-unsafe-eval'"],
      'connect-src': ["'self'", 'https://eu.i.posthog.com', 'https://o1.ingest.sentry.io'],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    });
    const values = Object.values(policy).flat();
    expect(values).not.toContain("'unsafe-eval'");
    expect(policy['style-src']).toEqual(["'self'", expect.stringMatching(/^'sha256-/)]);
  });

  it.each([
    '/api/v1/daw/nothing',
    '/assets/gone-123.js',
    '/missing.png',
    '/plugins/x',
    '/files/x/y',
    '/../../package.json',
    '/assets/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/%2e%2e%2f%2e%2e%2fpackage.json',
  ])('does not stand in for %s', async (url) => {
    const answer = await get(url);
    expect(answer.body).not.toContain('"name"');
    if (answer.statusCode === 200) return expect(answer.body).toBe(INDEX_HTML);
    expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('comes with files that never change, compressed once', async () => {
    const plain = await get('/assets/app-abc123.js');
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    const br = await get('/assets/app-abc123.js', { 'accept-encoding': 'gzip, br' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.rawPayload).toString()).toBe(plain.body);
    expect(br.rawPayload.length).toBeLessThan(plain.rawPayload.length / 10);
    expect(br.headers.etag).not.toBe(plain.headers.etag);
    const gzip = await get('/assets/app-abc123.js', { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
    expect((await get('/icon.svg')).headers['content-type']).toBe('image/svg+xml');
  });
});

describe('plugin files', () => {
  it('are served for good when they are the listed ones', async () => {
    const answer = await get('/plugins/test.gain/1.0.0/index.js');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it.each([
    ['/plugins/test.gain/1.0.0/other.js', 'not_found'],
    ['/plugins/test.gain/9.0.0/index.js', 'not_found'],
    ['/plugins/no.such/1.0.0/index.js', 'not_found'],
    ['/plugins/test.gain/1.0.0/../../catalog.json', 'not_found'],
    ['/plugins/test.gain/1.0.0/%2e%2e%2f%2e%2e%2fcatalog.json', 'not_found'],
  ])('such as %s are not', async (url, reason) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(404);
    if (answer.headers['x-mixdown-reason']) {
      expect(answer.headers['x-mixdown-reason']).toBe(reason);
    }
    expect(answer.body).not.toContain('entries');
  });

  it('that were changed after the start are not given out, not even from memory', async () => {
    const url = '/plugins/test.echo/1.0.0/processor.js';
    expect((await get(url)).statusCode).toBe(200);
    await appendFile(path.join(server.pluginDir, 'test.echo/1.0.0/processor.js'), '\nevil()');
    const answer = await get(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['x-mixdown-reason']).toBe('integrity');
    expect(answer.json()).toMatchObject({ code: 'not_found', reason: 'integrity' });
  });
});

describe('without a token', () => {
  it('the configuration tells where to sign in, and nothing secret', async () => {
    const answer = await get('/api/v1/config');
    expect(PublicConfig.parse(answer.json())).toMatchObject({
      auth: { url: '/auth/v1', anonKey: null },
      telemetry: { posthogKey: 'phc_x' },
    });
  });

  it('the catalog can be read and searched', async () => {
    const all = Catalog.parse((await get('/api/v1/daw/plugins/catalog')).json());
    expect(all.entries.map((e) => e.id)).toEqual(['test.gain', 'test.echo']);
    const found = (await get('/api/v1/daw/plugins/catalog?search=echo')).json();
    expect(found.entries[0].id).toBe('test.echo');
    expect((await get('/api/v1/daw/plugins/catalog?category=reverb')).json().entries).toEqual([]);
  });

  it('health, readiness and metrics are told', async () => {
    expect((await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await get('/readyz')).json()).toEqual({ status: 'ready' });
    const metrics = await get('/metrics');
    expect(metrics.headers['content-type']).toMatch('text/plain');
    expect(metrics.body).toMatch(
      /mixdown_http_request_duration_seconds_count\{.*route="\/healthz"/,
    );
    expect(metrics.body).toContain('mixdown_exports');
    expect(metrics.body).not.toContain('/api/v1/daw/nothing');
  });

  it('nothing else of the API is', async () => {
    for (const url of [
      '/projects',
      `/projects/${crypto.randomUUID()}`,
      `/exports/${crypto.randomUUID()}`,
    ]) {
      expect((await get(`/api/v1/daw${url}`)).json()).toMatchObject({ code: 'unauthenticated' });
    }
  });
});

describe('answers', () => {
  it('say which methods there are where one is not', async () => {
    const answer = await server.app.inject({ method: 'PUT', url: '/api/v1/daw/projects' });
    expect(answer.statusCode).toBe(405);
    expect(answer.json().code).toBe('method_not_allowed');
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('carry the caller’s request id where it is fit for a log, else a new one', async () => {
    const given = await get('/healthz', { 'x-request-id': 'trace-1234.abc' });
    expect(given.headers['x-request-id']).toBe('trace-1234.abc');
    const bad = await get('/healthz', { 'x-request-id': 'a b"\u007f' });
    expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('may be read by no other origin', async () => {
    const answer = await get('/api/v1/config', { origin: 'https://evil.example' });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('in JSON are compressed when they are long', async () => {
    const answer = await get('/api/v1/daw/plugins/catalog', { 'accept-encoding': 'br' });
    expect(answer.headers['content-encoding']).toBe('br');
    expect(
      Catalog.parse(JSON.parse(brotliDecompressSync(answer.rawPayload).toString())),
    ).toBeTruthy();
  });
});
