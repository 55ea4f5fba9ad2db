import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PublicConfig } from '@mixdown/contract';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

// The whole API as in production: accounts are Supabase's, tokens come from elsewhere.
const SECRET = 'the secret of a Supabase project, long enough';
const keys = await generateKeyPair('RS256', { extractable: true });
const jwks = createServer(async (_, response) => {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
});

let server: TestServer;
let issuer = '';
let pro = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}`;
  issuer = `${url}/auth/v1`;
  server = await createTestServer({ SUPABASE_URL: `${url}/`, SUPABASE_JWT_SECRET: SECRET });
  pro = await account();
});
afterAll(async () => {
  await server.close();
  await new Promise((resolve) => jwks.close(resolve));
});

/** As GoTrue makes them; it keeps roles where the service can write alone. */
async function account(isAnonymous = false): Promise<string> {
  const email = isAnonymous ? null : `u-${crypto.randomUUID()}@test.mixdown`;
  const { rows } = await server.db.pool.query(
    'insert into auth.users (email, is_anonymous) values ($1, $2) returning id',
    [email, isAnonymous],
  );
  return rows[0].id;
}
const now = () => Math.floor(Date.now() / 1000);
const claims = (more: object = {}): JWTPayload => ({
  sub: pro,
  aud: 'authenticated',
  iss: issuer,
  exp: now() + 600,
  role: 'authenticated',
  app_metadata: { provider: 'email', daw_role: 'pro' },
  user_metadata: {},
  is_anonymous: false,
  ...more,
});
const bytes = (text: string) => new TextEncoder().encode(text);
const byKey = (more?: object) =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(keys.privateKey);
const bySecret = (more?: object, secret: Uint8Array = bytes(SECRET), alg = 'HS256') =>
  new SignJWT(claims(more)).setProtectedHeader({ alg, kid: 'one' }).sign(secret);

const DAW = '/api/v1/daw';
const ask = (token: string, url = '/projects', body?: object, headers: object = {}) =>
  server.app.inject({
    method: body ? 'POST' : 'GET',
    url: `${DAW}${url}`,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body && { payload: body }),
  });

describe('a token of Supabase', () => {
  it.each([
    ['a published key', byKey],
    ['the shared secret', bySecret],
  ])('under %s is taken', async (_, sign) => {
    expect((await ask(await sign())).statusCode).toBe(200);
  });

  const REFUSED: Record<string, () => Promise<string>> = {
    'that has expired': () => byKey({ exp: now() - 60 }),
    'without an end': () => byKey({ exp: undefined }),
    'that is not valid yet': () => byKey({ nbf: now() + 600 }),
    'for another audience': () => byKey({ aud: 'anon' }),
    'of another issuer': () => byKey({ iss: 'https://evil.example/auth/v1' }),
    'for nobody': () => byKey({ sub: undefined }),
    'for something that is no account': () => byKey({ sub: 'service_role' }),
    'without a signature': async () => (await byKey()).replace(/[^.]*$/, ''),
    'with another one’s signature': async () =>
      (await byKey()).replace(/[^.]*$/, (await byKey({ exp: now() + 999 })).split('.')[2] ?? ''),
    'under another secret': () => bySecret({}, bytes('x'.repeat(45))),
    'under an algorithm that is not asked for': () =>
      bySecret({}, bytes(SECRET.padEnd(64, '.')), 'HS512'),
    'that calls itself unsigned': async () =>
      new UnsecuredJWT(claims()).setExpirationTime('1h').encode(),
    // The public key is no secret: an HMAC under it proves nothing.
    'under the public key, as if that were a secret': async () =>
      bySecret({}, bytes(await exportSPKI(keys.publicKey))),
    'under the public key’s JSON': async () =>
      bySecret({}, bytes(JSON.stringify(await exportJWK(keys.publicKey)))),
  };
  it.each(Object.entries(REFUSED))('%s is refused', async (_, make) => {
    const answer = await ask(await make());
    expect(answer.json()).toMatchObject({ status: 401, code: 'token_invalid' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('says what its account may do in app_metadata, whatever people write about themselves', async () => {
    const make = async (more: object) =>
      (await ask(await byKey(more), '/projects', { name: 'x' })).statusCode;
    expect(await make({})).toBe(201);
    expect(await make({ app_metadata: {}, user_metadata: { daw_role: 'pro' } })).toBe(403);
    expect(await make({ app_metadata: {}, daw_role: 'pro' })).toBe(403);
    expect(await make({ app_metadata: { daw_role: 'client' } })).toBe(403);
    const audit = async (more: object) => (await ask(await byKey(more), '/admin/audit')).statusCode;
    expect(await audit({ app_metadata: { daw_role: 'admin' } })).toBe(200);
    expect(await audit({ user_metadata: { daw_role: 'admin' } })).toBe(403);
    expect(await audit({ role: 'service_role' })).toBe(403);
  });

  it('of a guest neither uploads nor exports, whatever role it carries', async () => {
    const sub = await account(true);
    const { rows } = await server.db.pool.query(
      "insert into daw_projects (owner_id, name) values ($1, 'of a guest') returning id",
      [sub],
    );
    const token = await byKey({ sub, is_anonymous: true });
    const project = `/projects/${rows[0].id}`;
    expect((await ask(token, project)).statusCode).toBe(200);
    const key = { 'idempotency-key': crypto.randomUUID() };
    expect((await ask(token, `${project}/export`, {}, key)).json().code).toBe('guest_not_allowed');
    const form = { 'content-type': 'multipart/form-data; boundary=x' };
    const upload = await server.app.inject({
      method: 'POST',
      url: `${DAW}${project}/assets`,
      headers: { authorization: `Bearer ${token}`, ...form },
      payload: '--x--',
    });
    expect(upload.json().code).toBe('guest_not_allowed');
  });

  it('whose account is gone makes nothing, and is told to sign in again', async () => {
    const answer = await ask(await byKey({ sub: crypto.randomUUID() }), '/projects', { name: 'x' });
    expect(answer.json()).toMatchObject({ status: 401, code: 'token_invalid' });
  });
});

it('leaves signing in to Supabase, and says where that is', async () => {
  const config = PublicConfig.parse((await server.app.inject('/api/v1/config')).json());
  expect(config.auth.url).toBe(issuer);
  const answer = await server.app.inject({ method: 'POST', url: '/auth/v1/signup', payload: {} });
  expect(answer.statusCode).toBe(404);
});
