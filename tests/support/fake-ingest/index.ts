import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { decodePostHog, type ReceivedEvent } from './decode-posthog.ts';
import { decodeSentry, type ReceivedError } from './decode-sentry.ts';

export type { ReceivedError, ReceivedEvent };

export interface FakeIngest {
  readonly url: string;
  /** What a server's environment must say to send everything here. */
  readonly env: Readonly<Record<'POSTHOG_KEY' | 'POSTHOG_HOST' | 'SENTRY_DSN', string>>;
  /** PostHog events, in order of arrival. */
  readonly events: ReceivedEvent[];
  /** Sentry error events, in order of arrival. */
  readonly errors: ReceivedError[];
  /** Every request as `METHOD path`, those that it does not understand included. */
  readonly requests: string[];
  /** Bodies as they were before decoding, decompressed: for "this word never left the machine". */
  readonly bodies: string[];
  /** Resolves with the first event or error that passes `test`, now or later. */
  nextEvent(test: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>;
  nextError(test: (error: ReceivedError) => boolean): Promise<ReceivedError>;
  close(): Promise<void>;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'cross-origin-resource-policy': 'cross-origin',
};

/** Takes what PostHog's and Sentry's own SDKs send, from servers and from pages, and keeps it for tests to look at. */
export async function startFakeIngest(): Promise<FakeIngest> {
  const events: ReceivedEvent[] = [];
  const errors: ReceivedError[] = [];
  const requests: string[] = [];
  const bodies: string[] = [];
  const waiting = new Set<() => void>();

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://host');
    requests.push(`${req.method} ${url.pathname}`);
    if (req.method === 'OPTIONS') return void res.writeHead(204, CORS).end();
    const body = decompress(await buffer(req), req, url);
    bodies.push(body.toString());
    if (/^\/api\/\d+\/envelope\/$/.test(url.pathname)) {
      errors.push(...decodeSentry(body));
      answer(res, 200, { id: '0'.repeat(32) });
    } else if (/^\/(batch|capture|e|i\/v0\/e)\/?$/.test(url.pathname)) {
      events.push(...decodePostHog(body, req.headers['content-type'] ?? ''));
      answer(res, 200, { status: 1 });
    } else {
      answer(res, 404, {});
    }
    for (const look of [...waiting]) look();
  }

  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => answer(res, 400, { error: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const next = <T>(list: T[], test: (item: T) => boolean) =>
    new Promise<T>((resolve) => {
      const look = () => {
        const found = list.find(test);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });

  return {
    url,
    env: {
      POSTHOG_KEY: 'phc_test',
      POSTHOG_HOST: url,
      SENTRY_DSN: url.replace('//', '//publickey@').concat('/42'),
    },
    events,
    errors,
    requests,
    bodies,
    nextEvent: (test) => next(events, test),
    nextError: (test) => next(errors, test),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** By header (servers), by query (posthog-js says `compression=gzip-js`), or by the gzip magic. */
function decompress(body: Buffer, req: IncomingMessage, url: URL): Buffer {
  const encoding = req.headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(body);
  if (encoding === 'deflate') return inflateSync(body);
  const gzipped = body[0] === 0x1f && body[1] === 0x8b;
  const named = encoding === 'gzip' || url.searchParams.get('compression')?.startsWith('gzip');
  return gzipped || (named && body.length > 0) ? gunzipSync(body) : body;
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { ...CORS, 'content-type': 'application/json' }).end(JSON.stringify(body));
}
