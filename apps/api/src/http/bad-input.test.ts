import { randomUUID } from 'node:crypto';
import { ERRORS, Problem } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAW_ROUTES } from '../routes/index.ts';
import type { Caller } from '../testing/caller.ts';
import { insertTestAsset } from '../testing/insert-test-asset.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import type { Route } from './define-route.ts';

let server: TestServer;
let pro: Caller;
let admin: Caller;
/** Ids by the names of the parts of an address. */
let ids: Record<string, string> = {};
beforeAll(async () => {
  server = await createTestServer();
  pro = await server.signUp();
  admin = await server.signUp('admin');
  const projectId = await pro.createProject();
  const trackId = await pro.addTrack(projectId);
  const assetId = await insertTestAsset(server, { projectId, frames: 48_000 });
  const clip = { trackId, assetId, startFrame: 0 };
  const { clip: made } = (await pro.post(`/projects/${projectId}/clips`, clip)).json();
  const pluginId = await pro.addPlugin(projectId, trackId);
  const exported = await pro.post(
    `/projects/${projectId}/export`,
    {},
    { 'idempotency-key': 'k'.repeat(20) },
  );
  ids = {
    projectId,
    trackId,
    assetId,
    clipId: made.id,
    pluginId,
    exportId: exported.json().id,
    userId: pro.userId,
  };
});
afterAll(() => server.close());

const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;
const deepObject = (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`;

/** Bodies as they come over the wire. */
const BODIES: Record<string, string> = {
  'not JSON': '{"name":',
  'a bare NaN': '{"mix": NaN, "name": NaN, "position": NaN}',
  'a number that is infinite':
    '{"mix":1e400,"position":1e400,"startFrame":1e400,"gainDb":-1e400,"tempo":1e400}',
  null: 'null',
  'a list': '[]',
  'a string': '"name"',
  'a number': '42',
  'unknown fields': '{"surprise":1}',
  'no reason': '{"reason":"  "}',
  'a reason without end': `{"reason":"${'x'.repeat(1001)}"}`,
  'control characters in a reason': '{"reason":"because\\u0000"}',
  'no e-mail address': '{"email":"nobody","role":"client"}',
  'several people at once': `{"email":"a@b.de","userId":"${randomUUID()}"}`,
  'everybody but not quite': '{"clients":false}',
  'wrong types':
    '{"reason":[],"userId":7,"clients":"true","name":{},"trackId":1,"catalogId":[],"position":"0","params":[],"state":7,"mix":"x","role":0,"email":[],"startFrame":{},"assetId":null,"format":1,"range":"all","tail":{}}',
  'fractions of whole numbers': '{"position":0.5,"startFrame":1.5,"lengthFrames":0.1}',
  'numbers beyond 2^53': '{"position":9007199254740993,"startFrame":1e300,"fence":1e300}',
  'negative numbers': '{"position":-1,"startFrame":-1,"mix":-1,"tail":-1}',
  'bad ids': '{"id":"x","trackId":"../..","assetId":"00000000-0000-0000-0000-00000000000g"}',
  'ids of nothing': `{"id":"${randomUUID()}","trackId":"${randomUUID()}","assetId":"${randomUUID()}","catalogId":"x","startFrame":0,"position":0}`,
  'a prototype': '{"__proto__":{"admin":true},"name":"x"}',
  'a constructor': '{"constructor":{"prototype":{"admin":true}},"name":"x"}',
  'a nested prototype': '{"params":{"__proto__":1},"trackId":"x","catalogId":"test.gain"}',
  'NUL and control characters':
    '{"name":"a\\u0000b","catalogId":"\\u0000","email":"a\\u0000@b.de","role":"editor"}',
  'half a surrogate pair': '{"name":"\\ud800","catalogId":"\\udfff"}',
  'a name too long': `{"name":"${'x'.repeat(5000)}"}`,
  'parameters without end': `{"params":{${Array.from({ length: 3000 }, (_, i) => `"p${i}":1`)}}}`,
  'deep lists': deep(20_000),
  'deep objects': deepObject(20_000),
  'a deep parameter': `{"params":{"gain":${deep(5000)}}}`,
  'state that is not base64': '{"state":"<script>"}',
  'ten megabytes': `{"name":"${'x'.repeat(10_000_000)}"}`,
  'ten megabytes of state': `{"state":"${'A'.repeat(10_000_000)}"}`,
};
/** Whose requests come as far as the route's own checks. */
const callerOf = (route: Route) => (route.access === 'admin' ? admin : pro);
const writing = DAW_ROUTES.filter((r) => r.method !== 'GET' && r.method !== 'DELETE');
const addressOf = (url: string, replace: Record<string, string> = {}) =>
  url.replaceAll(/:(\w+)/g, (_, name: string) => replace[name] ?? ids[name] ?? name);

/** Every refusal is problem+json of our vocabulary, and never our own fault. */
function expectRefusal(
  answer: { statusCode: number; body: string; headers: object },
  what: string,
) {
  expect(answer.statusCode, what).toBeLessThan(500);
  if (answer.statusCode < 400) return;
  const problem = Problem.loose().parse(JSON.parse(answer.body));
  expect(problem.status, what).toBe(answer.statusCode);
  expect(ERRORS[problem.code].status, what).toBe(answer.statusCode);
  expect(answer.headers, what).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': problem.requestId,
  });
}

describe.each(writing.map((r) => [`${r.method} ${r.url}`, r] as const))('%s', (_, route) => {
  // Those without a body of their own do what they do.
  const takesBody = Boolean(route.body);
  it.each(Object.entries(BODIES))('with %s', async (name, body) => {
    const headers = { 'idempotency-key': randomUUID() };
    const { post, put, patch } = callerOf(route);
    const send = { POST: post, PUT: put, PATCH: patch }[route.method as 'POST'];
    const answer = await send(addressOf(route.url), body, headers);
    expectRefusal(answer, name);
    if (!takesBody) return;
    expect(answer.statusCode, answer.body).toBeGreaterThanOrEqual(400);
  });
});

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('addresses', () => {
  const BAD = [
    'x',
    '0',
    '%00',
    '%2e%2e',
    "'%20or%201=1--",
    '%3Cscript%3E',
    'x'.repeat(1900),
    '%F0%28',
    'null',
  ];
  const withIds = DAW_ROUTES.filter((route) => route.url.includes(':'));
  it.each(withIds.map((r) => [r.method, r.url, r] as const))(
    '%s %s with bad ids',
    async (method, url, route) => {
      for (const [, name = ''] of url.matchAll(/:(\w+)/g)) {
        for (const bad of BAD) {
          const address = `/api/v1/daw${addressOf(url, { [name]: bad })}`;
          const answer = await server.app.inject({
            method,
            url: address,
            headers: { authorization: `Bearer ${callerOf(route).session?.access_token}` },
          });
          expectRefusal(answer, address.slice(0, 200));
          // A client goes up such a path itself, and asks for another address.
          if (new URL(address, 'http://localhost').pathname !== address) continue;
          expect([400, 404], address.slice(0, 200)).toContain(answer.statusCode);
        }
      }
    },
  );

  it.each([
    '/plugins/catalog?category=nonsense',
    `/plugins/catalog?search=${'x'.repeat(101)}`,
    '/plugins/catalog?search[]=1&search[]=2',
    '/plugins/catalog?search=a&search=b',
    ...['exports', 'admin/exports', 'admin/audit'].flatMap((list) =>
      [
        'limit=0',
        'limit=101',
        'limit=ten',
        'limit=1e99',
        'limit=1.5',
        'limit=5&limit=6',
        'surprise=1',
        'cursor=',
        'cursor=%00',
        "cursor='%20or%201=1",
        `cursor=${'x'.repeat(201)}`,
        `cursor=${cursor('nonsense')}`,
        `cursor=${cursor(['2026-01-01T00:00:00.000000Z'])}`,
        `cursor=${cursor(['yesterday', randomUUID()])}`,
        `cursor=${cursor(['2026-01-01T00:00:00.000000Z', "'; drop table x"])}`,
        `cursor=${cursor({ at: 1 })}`,
      ].map((query) => `/${list}?${query}`),
    ),
    '/exports?shared=maybe',
    '/exports?projectId=x',
    '/exports?status=done',
    '/admin/exports?user=x',
    '/admin/exports?status=done',
    '/admin/exports?quarantined=1',
    '/admin/exports?before=yesterday',
    '/admin/audit?admin=x',
    '/admin/audit?action=export.destroy',
    '/admin/audit?export=x',
    '/admin/audit?before=2026-13-01T00:00:00Z',
  ])('%.70s is refused', async (url) => {
    const answer = await (url.startsWith('/admin') ? admin : pro).get(url);
    expectRefusal(answer, url);
    expect(answer.statusCode).toBe(400);
  });

  it.each(['%00', '%27;--', '%E0%A4%A', 'warm%20delay', '(((((', '.*%2B', '\u{1F3B9}'])(
    'a search for %s is answered',
    async (search) => {
      const answer = await pro.get(`/plugins/catalog?search=${search}`);
      expect(answer.statusCode).toBe(200);
    },
  );
});

describe('tokens', () => {
  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Basic dXNlcjpwYXNz',
    'Bearer x.y.z',
    `Bearer ${'x'.repeat(9000)}`,
  ])('"%.20s" is refused', async (authorization) => {
    const answer = await server.anyone.get('/projects', { authorization });
    expectRefusal(answer, authorization);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });
});

describe('content types', () => {
  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'x',
  ])('%s is refused where JSON is wanted', async (type) => {
    const answer = await pro.post('/projects', 'name=x', { 'content-type': type });
    expectRefusal(answer, type);
    expect([400, 415]).toContain(answer.statusCode);
  });

  it('none at all, and an empty body, are told apart from our own faults', async () => {
    for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': '' }]) {
      const answer = await pro.post('/projects', '', headers);
      expectRefusal(answer, JSON.stringify(headers));
      expect([400, 415]).toContain(answer.statusCode);
    }
    const empty = await pro.post('/projects', '', { 'content-type': 'application/json' });
    expect(empty.json().detail).toBe('The body must be a JSON object.');
  });

  it('a body that is encoded is not read as if it were not', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const answer = await pro.post('/projects', { name: 'x' }, headers);
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });
});

describe('afterwards', () => {
  it('nobody has become anything, and nothing was our fault', () => {
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    expect(server.errors).toEqual([]);
  });

  it('refusals name the fields by JSON pointer', async () => {
    const answer = await pro.patch(`/projects/${ids.projectId}`, { tempo: 5, 'a/b~c': 1 });
    expect(answer.json().errors).toEqual([
      { pointer: '/tempo', detail: expect.any(String) },
      { pointer: '/a~1b~0c', detail: 'is not a known field' },
    ]);
  });
});
