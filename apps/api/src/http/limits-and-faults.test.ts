import { createPool } from '@mixdown/database';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createServer } from '../create-server.ts';
import { createTestServer } from '../testing/test-server.ts';
import { LOOKUPS_PER_MINUTE } from './common-schemas.ts';

describe('rate limits', () => {
  it('hold each account for itself, and each address', async () => {
    await using server = await createTestServer({ RATE_LIMIT_PER_MINUTE: '20' });
    const [one, two] = [await server.signUp(), await server.signUp()];
    const answers = [];
    for (let i = 0; i < 22; i++) answers.push(await one.get('/projects'));
    expect(answers.map((a) => a.statusCode)).toEqual([...new Array(20).fill(200), 429, 429]);
    const last = answers.at(-1);
    expect(last?.json()).toMatchObject({ code: 'rate_limited', status: 429 });
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
    const left = answers.map((a) => Number(a.headers['ratelimit-remaining']));
    expect(left).toEqual([...Array(20).keys(), 0, 0].map((n, i) => (i < 20 ? 19 - n : 0)));
    expect(last?.headers).toMatchObject({
      'ratelimit-limit': '20',
      'ratelimit-reset': last?.headers['retry-after'],
    });
    expect((await two.get('/projects')).statusCode).toBe(200);
    let spent = 0;
    while ((await server.app.inject('/')).statusCode !== 429) spent++;
    expect(spent).toBeLessThan(80);
    expect((await two.get('/projects')).statusCode).toBe(429);
  });

  it('let an address make few accounts, in the words that auth-js knows', async () => {
    await using server = await createTestServer({ AUTH_ATTEMPTS_PER_MINUTE: '3' });
    const { session } = await server.signUp('guest');
    const body = { email: 'a@b.de', password: 'whatever it is' };
    await server.anyone.post('/auth/v1/token?grant_type=password', body);
    await server.anyone.post('/auth/v1/signup', {});
    const addresses = ['signup', 'sign%75p', 'token?grant_type=password', 'token'];
    for (const url of addresses.map((path) => `/auth/v1/${path}`)) {
      const answer = await server.anyone.post(url, body);
      expect([answer.statusCode, answer.json().code]).toEqual([429, 'over_request_rate_limit']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    const refresh = { refresh_token: session?.refresh_token };
    const renewed = await server.anyone.post('/auth/v1/token?grant_type=refresh_token', refresh);
    expect(renewed.statusCode).toBe(200);
  });

  it('let an account ask for few addresses, whatever it may share', async () => {
    await using server = await createTestServer();
    const [pro, other] = [await server.signUp(), await server.signUp()];
    const url = `/exports/${crypto.randomUUID()}/shares`;
    const ask = async (caller: typeof pro, n: number) =>
      (await caller.post(url, { email: `somebody-${n}@test.mixdown` })).json().code;
    const codes = [];
    for (let n = 0; n <= LOOKUPS_PER_MINUTE; n++) codes.push(await ask(pro, n));
    expect(codes).toEqual([...new Array(LOOKUPS_PER_MINUTE).fill('not_found'), 'rate_limited']);
    expect(await ask(other, 0)).toBe('not_found');
    expect((await pro.get('/projects')).statusCode).toBe(200);
  });

  it('go by the address that a trusted proxy tells, and by nobody else’s word', async () => {
    const ask = async (env: NodeJS.ProcessEnv) => {
      await using server = await createTestServer({ RATE_LIMIT_PER_MINUTE: '1', ...env });
      const answers = [];
      for (let i = 0; i < 6; i++) {
        const headers = { 'x-forwarded-for': `10.0.0.${i}` };
        answers.push(await server.app.inject({ url: '/', headers }));
      }
      return answers.map((a) => a.statusCode);
    };
    expect(await ask({ TRUST_PROXY: '127.0.0.1' })).toEqual(new Array(6).fill(200));
    expect((await ask({})).filter((status) => status === 429)).toHaveLength(2);
  });
});

describe('when the database is away', () => {
  it('answers are 503 with a time to come back; health goes on', async () => {
    await using server = await createTestServer();
    const pro = await server.signUp();
    const pool = createPool('postgres://nobody:x@127.0.0.1:1/none');
    const { config } = server;
    const app = await createServer({ ...server.deps, pool, config });
    try {
      const headers = { authorization: `Bearer ${pro.session?.access_token}` };
      const answer = await app.inject({ url: '/api/v1/daw/projects', headers });
      expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable' });
      expect(answer.headers['retry-after']).toBe('2');
      expect((await app.inject('/readyz')).statusCode).toBe(503);
      expect((await app.inject('/healthz')).statusCode).toBe(200);
      expect((await app.inject('/metrics')).statusCode).toBe(200);
      const signIn = await app.inject({
        method: 'POST',
        url: '/auth/v1/token?grant_type=password',
        payload: { email: 'a@b.de', password: 'whatever it is' },
      });
      expect([signIn.statusCode, signIn.json().code]).toEqual([503, 'unavailable']);
    } finally {
      await app.close();
      await pool.end();
    }
  });
});

describe('the log', () => {
  it('has no tokens, addresses with tokens, passwords or values in it', async () => {
    await using server = await createTestServer();
    const lines: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const app = await createServer({ ...server.deps, logger });
    const pro = await server.signUp();
    const token = pro.session?.access_token ?? '';
    const headers = { authorization: `Bearer ${token}` };
    const post = (url: string, payload: object) =>
      app.inject({ method: 'POST', url, payload, headers });
    await post('/auth/v1/token?grant_type=password', {
      email: 'a@b.de',
      password: 'hunter2hunter2',
    });
    await post('/auth/v1/token?grant_type=refresh_token', { refresh_token: 'refreshsecret' });
    await post('/api/v1/daw/projects', { name: 'Secret song', nonsense: 'supersecret' });
    await post('/api/v1/daw/projects', { name: 'Secret song' });
    const { rows } = await server.db.pool.query('select id from daw_projects');
    const url = `/api/v1/daw/projects/${rows[0].id}`;
    const { track } = (await post(`${url}/tracks`, { name: 'Secret track' })).json();
    const add = { trackId: track.id, catalogId: 'test.gain', params: { gain: 1.2345678 } };
    const { plugin } = (await post(`${url}/plugins`, add)).json();
    for (const params of [{ gain: -2.3456789 }, { gain: 9876.54321 }, { secretParam: 1 }]) {
      const payload = { params, state: 'U2VjcmV0' };
      await app.inject({ method: 'PUT', url: `${url}/plugins/${plugin.id}`, payload, headers });
    }
    await app.inject('/files/tokensecret');
    await app.inject({ url: '/api/v1/daw/plugins/catalog?search=searchsecret', headers });
    await app.close();
    const log = lines.join('');
    expect(log).toContain('"answered"');
    expect(log).toContain('/files/:token');
    const values = ['2345678', '9876.54321', 'U2VjcmV0'];
    for (const secret of [token, 'hunter2', 'secret', 'Secret', 'a@b.de', ...values]) {
      expect(log).not.toContain(secret);
    }
  });
});
