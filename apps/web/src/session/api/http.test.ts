import { RefusedError } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ContractError, createHttp, NetworkError } from './http.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, code: string, more: object = {}) =>
  json(status, { type: 'about:blank', title: 'No', status, code, detail: 'Because.', ...more });

function setUp(answers: (Response | Error)[], renews = true) {
  const requests: { path: string; init: RequestInit }[] = [];
  let token = 'old';
  const http = createHttp({
    token: async () => token,
    renew: async () => {
      token = 'new';
      return renews;
    },
    fetch: (async (path: string, init: RequestInit) => {
      requests.push({ path, init });
      const answer = answers.shift();
      if (!answer || answer instanceof Error) throw answer ?? new Error('no more answers');
      return answer;
    }) as typeof fetch,
  });
  const auth = () => requests.map(({ init }) => (init.headers as Headers).get('authorization'));
  return { http, requests, auth };
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('http', () => {
  it('validates answers by their schema', async () => {
    const { http } = setUp([json(200, { n: 1 }), json(200, { n: 'one' })]);
    const schema = z.object({ n: z.number() });
    expect((await http.request('/x', { schema })).data).toEqual({ n: 1 });
    expect(await caught(http.request('/x', { schema }))).toBeInstanceOf(ContractError);
  });

  it('sends JSON with the token', async () => {
    const { http, requests, auth } = setUp([json(201, {})]);
    await http.request('/x', { method: 'POST', body: { a: 1 }, keepalive: true });
    expect(requests[0]?.init).toMatchObject({ method: 'POST', body: '{"a":1}', keepalive: true });
    expect(auth()).toEqual(['Bearer old']);
  });

  it('renews the token once after a 401', async () => {
    const { http, auth } = setUp([problem(401, 'token_invalid'), json(200, {})]);
    await http.request('/x');
    expect(auth()).toEqual(['Bearer old', 'Bearer new']);
  });

  it('gives the refusal on where the token stays refused or cannot be renewed', async () => {
    const twice = setUp([problem(401, 'token_invalid'), problem(401, 'token_invalid')]);
    expect(await caught(twice.http.request('/x'))).toMatchObject({
      refusal: { code: 'token_invalid' },
    });
    const over = setUp([problem(401, 'token_invalid')], false);
    expect(await caught(over.http.request('/x'))).toBeInstanceOf(RefusedError);
    expect(over.requests).toHaveLength(1);
  });

  it('reads problem+json, extra members and Retry-After', async () => {
    const { http } = setUp([
      problem(423, 'plugin_locked', { holder: 'Ana', secondsLeft: 8 }),
      new Response('{}', { status: 429, headers: { 'retry-after': '3' } }),
    ]);
    expect(await caught(http.request('/x'))).toMatchObject({
      refusal: {
        code: 'plugin_locked',
        detail: 'Because.',
        extra: { holder: 'Ana', secondsLeft: 8 },
      },
    });
    expect(await caught(http.request('/x'))).toMatchObject({
      refusal: { code: 'rate_limited', retryAfterSeconds: 3 },
    });
  });

  it('understands errors of proxies that know nothing of problem+json', async () => {
    const { http } = setUp([
      new Response('<h1>Bad gateway</h1>', { status: 502 }),
      new Response('oops', { status: 500 }),
    ]);
    expect(await caught(http.request('/x'))).toMatchObject({ refusal: { code: 'unavailable' } });
    expect(await caught(http.request('/x'))).toMatchObject({ refusal: { code: 'internal' } });
  });

  it('tells a lost connection from a refusal, and from a request that was called off', async () => {
    const { http } = setUp([new TypeError('Failed to fetch'), new DOMException('', 'AbortError')]);
    expect(await caught(http.request('/x'))).toBeInstanceOf(NetworkError);
    const signal = AbortSignal.abort();
    expect(await caught(http.request('/x', { signal }))).toMatchObject({ name: 'AbortError' });
  });

  it('asks for no body of a 304', async () => {
    const { http } = setUp([new Response(null, { status: 304, headers: { etag: '"7"' } })]);
    const answer = await http.request('/x', { schema: z.object({ n: z.number() }) });
    expect([answer.status, answer.headers.get('etag'), answer.data]).toEqual([
      304,
      '"7"',
      undefined,
    ]);
  });
});
